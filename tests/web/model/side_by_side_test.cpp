#include "web/model/side_by_side.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

namespace rekey::web::side_by_side_test {

namespace {

using mapping::Reason;
using mapping::Record;

Record of(const char* name, const char* detail = "") {
  return {"1", name, detail, true};
}

Agreement found(const std::vector<FieldPair>& pairs, std::string_view field) {
  const auto at = std::find_if(pairs.begin(), pairs.end(),
                               [&](const auto& each) { return each.field == field; });
  REQUIRE(at != pairs.end());
  return at->agreement;
}

}  // namespace

TEST_CASE("side by side: only what either has is shown, the name first") {
  auto ours = of("Larch Dental"), theirs = of("Larch Dental Ltd");
  ours.city = "Pinmoor";
  const auto pairs = side_by_side(ours, theirs, {});
  REQUIRE(pairs.size() == 2);
  CHECK(pairs[0].field == "name");
  CHECK(pairs[1] == FieldPair{"city", "Pinmoor", "", Agreement::one_only});
}

TEST_CASE("side by side: what is equal but for writing is the same") {
  auto ours = of("LARCH-Dental"), theirs = of("Larch dental");
  ours.phones = {"+44 20 7946 0018"};
  theirs.phones = {"0161 496 0000", "(020) 7946-0018"};
  ours.emails = {"Office@Larch.test"};
  theirs.emails = {"office@larch.test", "other@larch.test"};
  const auto pairs = side_by_side(ours, theirs, {});
  for (const auto* field : {"name", "phone", "email"})
    CHECK(found(pairs, field) == Agreement::same);
}

TEST_CASE("side by side: what the matching found stands above the letters") {
  auto ours = of("Larch & Co"), theirs = of("Larch and Company");
  ours.street = "12 High St";
  theirs.street = "High Street 12";
  ours.emails = {"a@larch.test"};
  theirs.emails = {"b@larch.test"};
  const auto pairs = side_by_side(
      ours, theirs, {Reason::similar_name, Reason::same_address, Reason::same_email_domain});
  CHECK(found(pairs, "name") == Agreement::similar);
  CHECK(found(pairs, "street") == Agreement::same);
  CHECK(found(pairs, "email") == Agreement::similar);
}

TEST_CASE("side by side: what differs is said, and details that repeat the rest are left out") {
  auto ours = of("Sales", "Income"), theirs = of("Sales", "Expense");
  ours.kind = "Income";
  theirs.kind = "Expense";
  const auto pairs = side_by_side(ours, theirs, {});
  CHECK(found(pairs, "kind") == Agreement::different);
  CHECK(pairs.size() == 2);
  theirs.detail = "Postage";
  CHECK(found(side_by_side(ours, theirs, {}), "detail") == Agreement::different);
}

}  // namespace rekey::web::side_by_side_test
