// SPDX-License-Identifier: Apache-2.0
#include "remote/http_post.h"

#include <optional>
#include <utility>

#include "base/text.h"
#include "remote/address.h"

namespace cardwarden {
namespace {

constexpr std::string_view kScheme = "http://";
constexpr std::uint16_t kHttpPort = 80;

struct Target {
  std::string host;
  std::uint16_t port = kHttpPort;
  std::string authority;  // as it was written, for the Host header
  std::string path;       // with the query
};

Result<Target> parse_target(const std::string& url) {
  if (url.substr(0, kScheme.size()) != kScheme) {
    return Error(
        ErrorCode::usage,
        "Expected http://HOST/PATH. The answer is signed, so that plain HTTP will do; where there is "
        "https only, send the request by another program.",
        text::printable(url));
  }
  const std::string rest = url.substr(kScheme.size());
  const std::size_t end = rest.find_first_of("/?#");
  Target out;
  out.authority = rest.substr(0, end);
  out.path = end == std::string::npos ? "/" : rest.substr(end);
  if (out.path.front() != '/') out.path = "/" + out.path;
  for (const char c : out.path) {
    if (c <= ' ' || c > '~' || c == '#')
      return Error(ErrorCode::usage,
                   "The address has a blank, a '#' or another character that stands in none; write it as "
                   "%XX.");
  }
  // The rules for hosts and ports are those of every other address.
  const auto parsed = parse_url("https://" + out.authority, "The address");
  if (!parsed) return parsed.error();
  out.host = parsed->host;
  const bool has_port = out.authority.rfind(':') != std::string::npos && out.authority.back() != ']';
  if (has_port) out.port = parsed->port;
  return out;
}

bool send_all(Connection& connection, std::string_view bytes) {
  while (!bytes.empty()) {
    const long put = connection.write(bytes.data(), bytes.size());
    if (put < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  return true;
}

// All bytes until the server closes.
bool read_all(Connection& connection, std::string& out) {
  char buffer[4096];
  for (;;) {
    const long got = connection.read(buffer, sizeof buffer);
    if (got < 0) return false;
    if (got == 0) return true;
    out.append(buffer, static_cast<std::size_t>(got));
  }
}

Error bad(std::string message) { return {ErrorCode::io, std::move(message)}; }

std::string header_value(std::string_view line) {
  return std::string(text::trim(line.substr(line.find(':') + 1)));
}

}  // namespace

Result<std::string> http_answer_body(std::string_view answer, std::string_view content_type) {
  const std::size_t end = answer.substr(0, kMaxPostHeadBytes).find("\r\n\r\n");
  if (end == std::string_view::npos)
    return bad("The server's answer is no HTTP, or its headers are too long.");
  const std::string_view body = answer.substr(end + 4);
  std::string_view head = answer.substr(0, end);
  const std::string_view status = head.substr(0, head.find("\r\n"));
  if (status.substr(0, 7) != "HTTP/1." || status.size() < 12 || status[8] != ' ')
    return bad("The server's answer is no HTTP.");
  if (status.substr(9, 3) != "200")
    return bad("The server answers " + text::printable(status.substr(9, 60)) + ".");
  std::optional<std::string> type;
  std::optional<std::string> length;
  for (const std::string_view line : text::split(head, '\n')) {
    const std::string name = text::lower_ascii(line.substr(0, line.find(':')));
    if (name == "content-type") type = text::lower_ascii(header_value(line));
    if (name == "content-length") length = header_value(line);
    if (name == "transfer-encoding") return bad("The server's answer is in pieces, which was not asked for.");
  }
  if (!type || text::trim(std::string_view(*type).substr(0, type->find(';'))) != content_type) {
    return bad("The server's answer is of type " + text::printable(text::excerpt(type.value_or("none"), 60)) +
               ", not " + std::string(content_type) + ".");
  }
  if (length && *length != std::to_string(body.size())) return bad("The server's answer was cut off.");
  return std::string(body);
}

Result<std::string> http_post(const HttpPost& post) {
  const auto target = parse_target(post.url);
  if (!target) return target.error();
  Traffic traffic;
  traffic.host = target->host;
  traffic.port = target->port;
  traffic.max_bytes = post.max_answer + kMaxPostHeadBytes;
  traffic.connect_ms = kPostConnectMs;
  traffic.idle_ms = kPostIdleMs;
  traffic.total_ms = kPostTotalMs;
  traffic.milliseconds = post.milliseconds;
  traffic.resolve = post.resolve;
  traffic.start();
  Connection connection(traffic);
  // HTTP/1.0 and no keep-alive: the answer comes in one piece and ends with the connection.
  const std::string request =
      "POST " + target->path + " HTTP/1.0\r\nHost: " + target->authority +
      "\r\nUser-Agent: cardwarden\r\nContent-Type: " + post.content_type + "\r\nAccept: " + post.accept +
      "\r\nContent-Length: " + std::to_string(post.body.size()) + "\r\nConnection: close\r\n\r\n" + post.body;
  std::string answer;
  const bool done = connection.open(target->host, std::to_string(target->port)) &&
                    send_all(connection, request) && read_all(connection, answer);
  if (!done) {
    const bool unknown = traffic.fault == RemoteFault::host_not_found;
    const char* what_to_do = unknown ? "" : " Check the network and the address, or try again later.";
    return Error(unknown ? ErrorCode::not_found : ErrorCode::io, traffic.reason + what_to_do, post.url);
  }
  auto body = http_answer_body(answer, post.accept);
  if (!body) {
    return Error(body.error().code,
                 body.error().message + " Expected 200 and " + post.accept + "; check the address.",
                 post.url);
  }
  return body;
}

}  // namespace cardwarden
