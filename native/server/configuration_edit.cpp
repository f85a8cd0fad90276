#include <algorithm>

#include "native/server/configuration_page.hpp"
#include "native/server/page_callback.hpp"

namespace rekey::server {

namespace {

using store::ChoiceChange;
using store::Database;

constexpr std::size_t most_changes = 200'000;
constexpr std::size_t most_lines_told = 100;

/// Thrown within the transaction of an edit, so that nothing of it is stored.
struct NoSuchRevision {};

/// The answer to an edit: how the sections stand now, and the lines that were named.
http::Response edited(Service& service, const Who& who, const work::Taken& taken,
                      std::int64_t changed, const std::vector<ChoiceChange>& named) {
  wire::EditAnswer out;
  out.outcome = outcome_in(taken);
  out.changed = changed;
  auto db = service.driver.databases().borrow();
  const auto book = book_of(*db, who);
  if (!book) return page_problem(Refusal::not_connected);
  out.sections = counts_for_page(service, *db, book->key);
  if (named.size() <= most_lines_told)
    for (const auto& each : named)
      for (auto& line :
           lines_for_page(store::lines_of(*db, book->key, each.section, {&each.ours, 1})))
        out.lines.push_back(std::move(line));
  return json_answer(200, wire::write(out));
}

/// A patch as changes, without the names of what is chosen.
Result<std::vector<ChoiceChange>> changes_of(const wire::ConfigurationPatch& patch) {
  if (patch.choices.size() > most_changes) return fail(Code::bad_input, {});
  std::vector<ChoiceChange> out;
  for (const auto& each : patch.choices) {
    const bool undecided = each.undecided.value_or(false), create = each.create.value_or(false);
    if (undecided + create + each.theirs.has_value() != 1) return fail(Code::bad_input, {});
    const mapping::Choice choice{each.ours, each.theirs.value_or(""), {}, create};
    if (!mapping::complaint_about(choice).empty()) return fail(Code::bad_input, {});
    out.push_back({each.section, each.ours,
                   undecided ? std::nullopt : std::optional<mapping::Choice>(choice)});
  }
  return out;
}

http::Response count_acceptable(Service& service, const Who& who,
                                const wire::AcceptSuggestions& body) {
  auto db = service.driver.databases().borrow();
  const auto book = book_of(*db, who);
  if (!book) return page_problem(Refusal::not_connected);
  wire::EditAnswer out;
  out.changed = store::count_acceptable(*db, book->key, body.section, body.confidence);
  out.sections = counts_for_page(service, *db, book->key);
  return json_answer(200, wire::write(out));
}

}  // namespace

http::Response patch_configuration(Service& service, const http::Request& request, const Who& who) {
  const auto body = body_as<wire::ConfigurationPatch>(request, "The change");
  if (!body) return page_problem(body.error());
  auto changes = changes_of(*body);
  if (!changes) return page_problem(changes.error());
  if (body->settings) {
    mapping::Configuration whole;
    whole.settings = *body->settings;
    if (const auto fit = mapping::checked(std::move(whole)); !fit) return page_problem(fit.error());
  }
  std::int64_t changed = 0;
  const auto taken = take_edit<save::Edited>(
      service, who, body->seen,
      [&](Database& db, const store::CompanyKey& key, const store::Edit& edit) {
        auto named = *changes;
        store::add_missing_names(db, key, named);
        changed = store::put_changes(db, key, edit, named, body->settings);
      });
  if (!taken) return page_problem(taken.error());
  return edited(service, who, *taken, changed, *changes);
}

http::Response accept_suggestions(Service& service, const http::Request& request, const Who& who) {
  const auto body = body_as<wire::AcceptSuggestions>(request, "What is accepted");
  if (!body) return page_problem(body.error());
  if (!(body->confidence >= 0 && body->confidence <= 1))
    return page_problem(Error{Code::bad_input, {}, {}});
  if (body->count_only.value_or(false)) return count_acceptable(service, who, *body);
  std::int64_t changed = 0;
  const auto taken = take_edit<save::Edited>(
      service, who, body->seen,
      [&](Database& db, const store::CompanyKey& key, const store::Edit& edit) {
        store::put_changes(db, key, edit, {});
        changed = store::choose_suggested(db, key, body->section, edit, body->confidence);
      });
  if (!taken) return page_problem(taken.error());
  return edited(service, who, *taken, changed, {});
}

http::Response go_back(Service& service, const http::Request& request, const Who& who) {
  const auto body = body_as<wire::GoBack>(request, "The way back");
  if (!body) return page_problem(body.error());
  std::int64_t changed = 0;
  try {
    const auto taken = take_edit<save::Edited>(
        service, who, body->seen,
        [&](Database& db, const store::CompanyKey& key, const store::Edit& edit) {
          const auto count = store::go_back(db, key, edit, body->revision);
          if (!count) throw NoSuchRevision{};
          changed = *count;
        });
    if (!taken) return page_problem(taken.error());
    return edited(service, who, *taken, changed, {});
  } catch (const NoSuchRevision&) {
    return page_problem(Error{Code::not_found, {}, {}});
  }
}

}  // namespace rekey::server
