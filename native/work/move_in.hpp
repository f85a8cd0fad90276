// Moving in: grants that were obtained elsewhere become connections here.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "native/work/driver.hpp"

namespace rekey::work {

/// What came of one line.
struct LineOutcome {
  std::int64_t line = 0;  ///< counting from 1
  bool accepted = false;
  std::string outcome;     ///< "imported", "unchanged" (it is here already) or "refused"
  std::string tenant;      ///< as the line names it, if it does
  std::string connection;  ///< when accepted
  std::string reason;      ///< when refused: a sentence for a person
  static constexpr auto fields() {
    using wire::field;
    return std::tuple{field("line", &LineOutcome::line),
                      field("accepted", &LineOutcome::accepted),
                      field("outcome", &LineOutcome::outcome),
                      field("tenant", &LineOutcome::tenant),
                      field("connection", &LineOutcome::connection),
                      field("reason", &LineOutcome::reason)};
  }
};

/// Takes lines of JSON with the members `tenant`, `name` (of the tenant, if it is new), `realm_id`,
/// `company_name`, `access_token`, `expires_at`, `refresh_token`, `refresh_expires_at`, `scopes`;
/// times in milliseconds since 1970. Needed are tenant, realm_id and refresh_token: without an
/// access token one is made at the first use. Each line is accepted or refused by itself, and one
/// that is given again changes nothing. Lines are stored a few hundred at a time.
class MoveIn {
 public:
  MoveIn(Driver& driver, std::string integration, wire::Actor actor)
      : driver_(driver), integration_(std::move(integration)), actor_(std::move(actor)) {}

  /// `text`: any number of lines, empty ones left out; `first`: the number of its first line.
  std::vector<LineOutcome> take(std::string_view text, std::int64_t first = 1);

 private:
  LineOutcome take_line(store::Database& db, std::string_view line, std::int64_t number,
                        std::vector<std::string>& moved);

  Driver& driver_;
  std::string integration_;
  wire::Actor actor_;
};

}  // namespace rekey::work
