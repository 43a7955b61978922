// SPDX-License-Identifier: Apache-2.0
#include "remote/git_streams.h"

#include <git2.h>
#include <git2/sys/stream.h>

#include <new>
#include <string>

namespace cardwarden {
namespace {

thread_local Traffic* current = nullptr;

struct Stream {
  git_stream base = {};  // first: libgit2 knows a stream by it
  Traffic& traffic;
  Connection connection;
  std::string host;
  std::string port;

  Stream(Traffic& shared, const char* to_host, const char* to_port)
      : traffic(shared), connection(shared), host(to_host), port(to_port) {}
};

Stream& stream_of(git_stream* base) { return *reinterpret_cast<Stream*>(base); }

int failed(const Traffic& traffic) {
  git_error_set_str(GIT_ERROR_NET, traffic.reason.c_str());
  return -1;
}

int connect_stream(git_stream* base) {
  Stream& stream = stream_of(base);
  return stream.connection.open(stream.host, stream.port) ? 0 : failed(stream.traffic);
}

ssize_t read_stream(git_stream* base, void* buffer, size_t size) {
  Stream& stream = stream_of(base);
  const long got = stream.connection.read(static_cast<char*>(buffer), size);
  return got < 0 ? failed(stream.traffic) : got;
}

ssize_t write_stream(git_stream* base, const char* bytes, size_t size, int /*flags*/) {
  Stream& stream = stream_of(base);
  const long put = stream.connection.write(bytes, size);
  return put < 0 ? failed(stream.traffic) : put;
}

int close_stream(git_stream* base) {
  stream_of(base).connection.close();
  return 0;
}

void free_stream(git_stream* base) { delete &stream_of(base); }

int make_stream(git_stream** out, const char* host, const char* port) {
  if (current == nullptr) {
    git_error_set_str(GIT_ERROR_NET, "connections are made by a fetch only");
    return -1;
  }
  auto* stream = new (std::nothrow) Stream(*current, host, port);
  if (stream == nullptr) {
    git_error_set_oom();
    return -1;
  }
  stream->base.version = GIT_STREAM_VERSION;
  stream->base.connect = connect_stream;
  stream->base.read = read_stream;
  stream->base.write = write_stream;
  stream->base.close = close_stream;
  stream->base.free = free_stream;
  *out = &stream->base;
  return 0;
}

}  // namespace

TrafficScope::TrafficScope(Traffic& traffic) { current = &traffic; }
TrafficScope::~TrafficScope() { current = nullptr; }

void register_git_streams() {
  git_stream_registration registration = {};
  registration.version = GIT_STREAM_VERSION;
  registration.init = make_stream;
  git_stream_register(GIT_STREAM_STANDARD, &registration);
}

}  // namespace cardwarden
