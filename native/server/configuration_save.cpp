// Save Configuration: everything is checked, and each problem named at its place.
#include <algorithm>

#include "native/server/configuration_page.hpp"
#include "native/store/imported.hpp"
#include "native/store/matching.hpp"
#include "native/work/company_records.hpp"

namespace rekey::server {

namespace {

using store::Database;

constexpr int most_problems = 100;

/// Thrown within the transaction of a save, so that nothing of it is stored.
struct Obstructed {
  wire::SaveAnswer answer;
};

/// What keeps the configuration from being saved, or has to be asked about first.
wire::SaveAnswer problems_of(Service& service, Database& db, const Who& who,
                             const store::CompanyKey& key, bool two_to_one) {
  wire::SaveAnswer out;
  const auto newest = store::newest_revision(db, key, false);
  if (newest && !has_terms(service, db, key, newest->settings.terms))
    out.problems.push_back({wire::SaveProblem::no_such_terms});
  // One more than is told says that there are more.
  auto found = store::obstacles(db, key,
                                {.sections = service.pages.lists,
                                 .tenant = who.tenant(),
                                 .required = service.pages.required_lists,
                                 .conflicts = !two_to_one,
                                 .most = most_problems + 1});
  out.more = found.size() > most_problems;
  if (out.more) found.pop_back();
  for (const auto& each : found) {
    const auto add = [&](wire::SaveProblem problem) {
      out.problems.push_back({problem, each.section, each.ours, each.name});
    };
    if (each.change == mapping::Change::target_gone) add(wire::SaveProblem::target_gone);
    if (each.change == mapping::Change::target_inactive) add(wire::SaveProblem::target_inactive);
    if (each.conflict) add(wire::SaveProblem::two_to_one);
    if (each.wrong_kind) add(wire::SaveProblem::wrong_kind);
    if (each.undecided) add(wire::SaveProblem::undecided);
  }
  return out;
}

/// Looks at what is chosen beside what was imported last.
class StaleChoices {
 public:
  StaleChoices(Service& service, Database& db, const store::CompanyKey& key)
      : db_(db),
        key_(key),
        records_(db, *service.clients.accounting, key.connection, key.realm_id) {}

  void find(mapping::Section section, wire::SaveAnswer& answer) {
    const auto entity = imports::entity_of(section);
    const auto beside = records_.beside(db_, entity);
    for (const auto& each : store::current_choices(db_, key_, section)) {
      if (each.theirs.empty() || answer.more) continue;
      const bool is_beside = std::any_of(beside.begin(), beside.end(), [&](const auto& record) {
        return record.id == each.theirs;
      });
      const auto problem = is_beside ? std::nullopt : problem_of(entity, each.theirs);
      if (!problem) continue;
      answer.more = answer.problems.size() == most_problems;
      if (!answer.more)
        answer.problems.push_back({*problem, section, each.ours, name_of_ours(section, each.ours)});
    }
  }

 private:
  std::optional<wire::SaveProblem> problem_of(imports::Entity entity, const std::string& theirs) {
    const auto row = store::imported_row(db_, {key_.connection, key_.realm_id, entity}, theirs);
    if (!row || row->gone) return wire::SaveProblem::target_gone;
    const auto json = wire::parse(row->body, "An imported row");
    if (json && !records_.record_of(entity, *json).active)
      return wire::SaveProblem::target_inactive;
    return {};
  }
  std::string name_of_ours(mapping::Section section, const std::string& ours) {
    const auto lines = store::lines_of(db_, key_, section, {&ours, 1});
    return lines.empty() ? std::string() : lines.front().record.name;
  }

  Database& db_;
  const store::CompanyKey& key_;
  const work::CompanyRecords records_;
};

/// What is chosen and is gone or inactive by the newest import, while the lines are still to be
/// brought in step with it; afterwards they say so themselves.
wire::SaveAnswer stale_problems(Service& service, const Who& who) {
  wire::SaveAnswer out;
  auto db = service.driver.databases().borrow();
  if (!store::is_to_be_matched(*db, who.connection())) return out;
  const auto book = book_of(*db, who);
  if (!book) return out;
  StaleChoices stale(service, *db, book->key);
  for (const auto section : service.pages.lists) stale.find(section, out);
  return out;
}

}  // namespace

http::Response save_configuration(Service& service, const http::Request& request, const Who& who) {
  const auto body = body_as<wire::SaveChoices>(request, "The save");
  if (!body) return page_problem(body.error());
  if (auto stale = stale_problems(service, who); !stale.problems.empty())
    return json_answer(200, wire::write(stale));
  try {
    const auto taken = take_edit<save::SavePressed>(
        service, who, body->seen,
        [&](Database& db, const store::CompanyKey& key, const store::Edit& edit) {
          store::put_changes(db, key, edit, {});
          if (body->suggestions.value_or(false))
            for (const auto section : service.pages.lists)
              store::choose_suggested(db, key, section, edit);
          auto answer = problems_of(service, db, who, key, body->two_to_one.value_or(false));
          if (!answer.problems.empty()) throw Obstructed{std::move(answer)};
        });
    if (!taken) return page_problem(taken.error());
    wire::SaveAnswer out;
    out.outcome = outcome_in(*taken);
    return json_answer(200, wire::write(out));
  } catch (const Obstructed& obstructed) {
    return json_answer(200, wire::write(obstructed.answer));
  }
}

}  // namespace rekey::server
