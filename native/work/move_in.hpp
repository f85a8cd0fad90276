// Moves grants in: those that were obtained elsewhere become connections here.
#pragma once

#include <string>
#include <vector>

#include "native/work/driver.hpp"
#include "native/work/lines.hpp"

namespace rekey::work {

/// What came of one line.
struct LineOutcome {
  std::int64_t line = 0;  ///< counting from 1
  bool accepted = false;
  std::string outcome;     ///< "imported", "unchanged" (it is here already), "refused", "not_read"
  std::string tenant;      ///< as the line names it, if it does
  std::string connection;  ///< when accepted
  std::string reason;      ///< when refused or not read: a sentence for a person
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
/// `company_name`, `access_token`, `expires_at`, `refresh_token`, `refresh_expires_at`, `scopes`,
/// `client_id`; times in milliseconds since 1970. Needed are tenant, realm_id and refresh_token:
/// without an access token one is made at the first use. Each line is accepted or refused by
/// itself, and one that is given again changes nothing.
class MoveIn {
 public:
  /// `client_id`: the client that the grants of lines without one were given to; empty: not known
  /// before they are renewed. `forbid_shared_company`: a line whose company another tenant has
  /// connected is refused; otherwise it is taken, and the host is told with
  /// `connection.company_shared`.
  MoveIn(Driver& driver, std::string integration, std::string client_id, wire::Actor actor,
         bool forbid_shared_company)
      : driver_(driver),
        integration_(std::move(integration)),
        client_id_(std::move(client_id)),
        actor_(std::move(actor)),
        forbid_shared_company_(forbid_shared_company) {}

  /// Takes the next few hundred lines, which are stored together, and gives what came of each; the
  /// last outcome of a reader with more lines than its bound says so. Empty when the reader is
  /// done.
  std::vector<LineOutcome> take(LineReader& lines);
  /// The number of the first line of the last portion, of which nothing is stored when it threw.
  std::int64_t first() const { return first_; }

 private:
  struct Read;  // a line, and what came of it so far
  void take_line(store::Database& db, Read& read, std::vector<std::string>& moved);

  Driver& driver_;
  std::string integration_;
  std::string client_id_;
  wire::Actor actor_;
  bool forbid_shared_company_;
  std::int64_t first_ = 0;
};

}  // namespace rekey::work
