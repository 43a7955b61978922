// SPDX-License-Identifier: Apache-2.0
#include "engine/license_terms.h"

#include <catch2/catch.hpp>

using namespace cardwarden;

TEST_CASE("licence terms: conditions that fall away loosen, conditions that come tighten") {
  CHECK(compare_licenses({"cc-by-nc-4.0"}, {"cc-by-4.0"}) == LicenseMove::loosened);
  CHECK(compare_licenses({"cc-by-4.0"}, {"cc-by-nc-nd-4.0"}) == LicenseMove::tightened);
  CHECK(compare_licenses({"agpl-3.0"}, {"gpl-3.0"}) == LicenseMove::loosened);
  CHECK(compare_licenses({"gpl-3.0"}, {"lgpl-3.0"}) == LicenseMove::loosened);
  CHECK(compare_licenses({"lgpl-3.0"}, {"mit"}) == LicenseMove::loosened);
  CHECK(compare_licenses({"mit"}, {"cc0-1.0"}) == LicenseMove::loosened);
  CHECK(compare_licenses({"llama2"}, {"apache-2.0"}) == LicenseMove::loosened);
  CHECK(compare_licenses({"apache-2.0"}, {"openrail"}) == LicenseMove::tightened);
}

TEST_CASE("licence terms: what cannot be ordered is only a change") {
  CHECK(compare_licenses({"mit"}, {"apache-2.0"}) == LicenseMove::changed);
  CHECK(compare_licenses({"cc-by-nc-4.0"}, {"gpl-3.0"}) == LicenseMove::changed);
  CHECK(compare_licenses({"other"}, {"mit"}) == LicenseMove::changed);
  CHECK(compare_licenses({"mit"}, {"a-licence-of-mine"}) == LicenseMove::changed);
}

TEST_CASE("licence terms: declared, removed and the same in another writing") {
  CHECK(compare_licenses({}, {"mit"}) == LicenseMove::declared);
  CHECK(compare_licenses({"mit"}, {}) == LicenseMove::removed);
  CHECK(compare_licenses({"MIT"}, {"mit"}) == LicenseMove::same);
  CHECK(compare_licenses({"mit", "apache-2.0"}, {"apache-2.0", "mit"}) == LicenseMove::same);
}

TEST_CASE("licence terms: several ids are a choice") {
  CHECK(compare_licenses({"gpl-3.0"}, {"gpl-3.0", "mit"}) == LicenseMove::loosened);
  CHECK(compare_licenses({"gpl-3.0", "mit"}, {"gpl-3.0"}) == LicenseMove::tightened);
}

TEST_CASE("licence terms: what is no longer asked is said in words") {
  CHECK(dropped_terms({"cc-by-nc-sa-4.0"}, {"mit"}) ==
        "no commercial use, sharing of works made with it, sharing of changes");
  CHECK(dropped_terms({"mit"}, {"gpl-3.0"}).empty());
}

TEST_CASE("licence terms: a prefix of one family is not taken for another") {
  CHECK(*license_terms("bsl-1.0") == kKeepNotice);
  CHECK(*license_terms("cc0-1.0") == 0);
  CHECK_FALSE(license_terms("cc").has_value());
  CHECK_FALSE(license_terms("unknown").has_value());
  CHECK_FALSE(license_terms("other").has_value());
  CHECK(*license_terms("lgpl-lr") == (kKeepNotice | kShareFiles));
}
