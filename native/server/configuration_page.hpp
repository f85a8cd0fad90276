// The configuration as the page reads and changes it: paged from the server, changes as changes.
#pragma once

#include "core/wire/configuration.hpp"
#include "native/server/page_member.hpp"
#include "native/store/connections.hpp"
#include "native/store/lines.hpp"

namespace rekey::server {

/// /api/configuration/… and /api/records/…
void add_configuration_page(Router& router, Service& service);

// What its files share -------------------------------------------------------------------------

/// Whose configuration a session is about.
struct Book {
  store::StoredConnection connection;
  connect::Company company;
  store::CompanyKey key;
};
/// None: no company is known yet.
std::optional<Book> book_of(store::Database& db, const Who& who);

/// Whether the host wants a section mapped: of what it does not, nothing is shown or demanded.
bool is_mapped(const Service& service, mapping::Section section);
/// The counts of the sections that are.
std::vector<mapping::SectionCounts> counts_for_page(const Service& service, store::Database& db,
                                                    const store::CompanyKey& key);
/// Lines as the page reads them.
std::vector<wire::ConfigurationLine> lines_for_page(std::vector<store::Line> lines);
/// Whether the company has this payment term; empty: its own.
bool has_terms(Service& service, store::Database& db, const store::CompanyKey& key,
               const std::string& id);

/// Parts the members of a cursor; no folded text and no section's or list's name has it.
constexpr char in_cursor = '\n';
std::optional<std::string> cursor_text(const std::string& key);
/// Two texts in a cursor; none: it is not one of ours.
std::optional<std::pair<std::string, std::string>> pair_in(const std::string& key);
Error not_a_cursor();

/// A step as the answer to an edit has it.
wire::Outcome outcome_in(const work::Taken& taken);

/// Takes an edit, and what it changes in its transaction: `change` is given the database, whose
/// choices they are and the revision to be made. It is called again when another was in the way.
template <class Event, class Change>
work::Take take_edit(Service& service, const Who& who, std::int64_t seen, const Change& change) {
  const auto keep = [&](store::Database& db, const store::StoredConnection& before,
                        const Step& next) {
    const auto* company = connect::known_company(before.state.connect);
    if (!company) return;
    change(db, store::CompanyKey{who.connection(), company->realm_id},
           store::Edit{next.next.save.revision, service.driver.now(), who.actor});
  };
  return service.driver.take(who.connection(), who.actor, Event{seen}, keep);
}

/// GET /api/configuration/summary and /api/configuration/set-aside.
http::Response get_summary(Service& service, const http::Request& request, const Who& who);
http::Response get_set_aside(Service& service, const http::Request& request, const Who& who);

/// GET and PUT /api/configuration/sheet: all lines as a table for spreadsheets.
http::Response get_sheet(Service& service, const http::Request& request, const Who& who);
http::Response put_sheet(Service& service, const http::Request& request, const Who& who);

/// PATCH /api/configuration, and POST of accept, back and save below it.
http::Response patch_configuration(Service& service, const http::Request& request, const Who& who);
http::Response accept_suggestions(Service& service, const http::Request& request, const Who& who);
http::Response go_back(Service& service, const http::Request& request, const Who& who);
http::Response save_configuration(Service& service, const http::Request& request, const Who& who);

}  // namespace rekey::server
