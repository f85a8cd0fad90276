// The pretended backend's answers about the configuration.
#include <algorithm>

#include "core/mapping/sheet.hpp"
#include "web/model/offline.hpp"
#include "web/model/offline_parts.hpp"

namespace rekey::web {

namespace {

using offline::answer;

Trouble not_found() {
  Trouble out{Trouble::Kind::refused, {}, {}};
  out.problem.status = 404;
  out.problem.code = "not_found";
  out.problem.message = "problem.unusable";
  return out;
}

}  // namespace

connect::Company OfflineBackend::company() const {
  const auto* known = connect::known_company(kept_.state.connect);
  return known ? *known : connect::Company{};
}

/// What was chosen for the company that is connected: of another one, it is kept aside.
offline::Book& OfflineBackend::book() {
  const auto realm_id = company().realm_id;
  for (auto& each : kept_.books)
    if (each.realm_id == realm_id) return each;
  return kept_.books.emplace_back(offline::Book{realm_id});
}

template <class T>
void OfflineBackend::answer_configured(Then<T> then, T value) {
  if (company().realm_id.empty())
    return answer(std::move(then), {{}, offline::refusal(Refusal::not_connected)});
  answer(std::move(then), {std::move(value), {}});
}

Reply<wire::Outcome> OfflineBackend::take(const Event& event, mapping::Configuration changed) {
  changed_ = std::move(changed);
  auto reply = take(event);
  changed_.reset();
  return reply;
}

void OfflineBackend::edited(Then<wire::EditAnswer> then, Reply<wire::Outcome> reply,
                            std::int64_t changed, const std::vector<wire::ChoicePatch>& named) {
  if (!reply.value) return answer(std::move(then), {{}, std::move(reply.trouble)});
  auto out = offline::answer_of(book(), named);
  out.outcome = std::move(*reply.value);
  out.changed = changed;
  answer(std::move(then), {std::move(out), {}});
}

void OfflineBackend::summary(Then<wire::ConfigurationSummary> then) {
  answer_configured(std::move(then),
                    offline::summary(book(), company(), kept_.state.save.revision));
}

void OfflineBackend::lines(const LinesQuery& query, Then<wire::LinesPage> then) {
  answer_configured(std::move(then), offline::lines(book(), query, kept_.state.save.revision));
}

void OfflineBackend::records(const RecordsQuery& query, Then<wire::RecordsPage> then) {
  answer_configured(std::move(then), offline::records(query));
}

void OfflineBackend::change(const wire::ConfigurationPatch& patch, Then<wire::EditAnswer> then) {
  auto reply = take(save::Edited{patch.seen}, offline::patched(book(), patch));
  edited(std::move(then), std::move(reply), static_cast<std::int64_t>(patch.choices.size()),
         patch.choices);
}

void OfflineBackend::accept(const wire::AcceptSuggestions& what, Then<wire::EditAnswer> then) {
  std::int64_t changed = 0;
  auto configuration =
      offline::accepted(book().now(), what.section, what.confidence, false, changed);
  if (!what.count_only.value_or(false))
    return edited(std::move(then), take(save::Edited{what.seen}, std::move(configuration)), changed,
                  {});
  auto out = offline::answer_of(book(), {});
  out.changed = changed;
  answer_configured(std::move(then), std::move(out));
}

void OfflineBackend::go_back(const wire::GoBack& where, Then<wire::EditAnswer> then) {
  auto before = book().at(where.revision);
  if (!before) return answer(std::move(then), {{}, not_found()});
  const auto changed = offline::count_different(*before, book().now());
  auto reply = take(save::Edited{where.seen}, std::move(*before));
  edited(std::move(then), std::move(reply), changed, {});
}

void OfflineBackend::save(const wire::SaveChoices& save, Then<wire::SaveAnswer> then) {
  auto configuration = book().now();
  std::int64_t changed = 0;
  if (save.suggestions.value_or(false))
    for (const auto section : mapping::usual_sections)
      configuration = offline::accepted(configuration, section, 0, true, changed);
  wire::SaveAnswer out;
  out.problems = offline::obstacles(configuration, save.two_to_one.value_or(false));
  if (!out.problems.empty()) return answer_configured(std::move(then), std::move(out));
  auto reply = take(save::SavePressed{save.seen}, std::move(configuration));
  if (!reply.value) return answer(std::move(then), {{}, std::move(reply.trouble)});
  out.outcome = std::move(*reply.value);
  answer(std::move(then), {std::move(out), {}});
}

void OfflineBackend::versions(const std::string&, Then<wire::ConfigurationVersions> then) {
  answer_configured(std::move(then), offline::versions(book()));
}

void OfflineBackend::compare(std::int64_t from, std::int64_t to, const std::string&,
                             Then<wire::ChangedChoices> then) {
  auto out = offline::compare(book(), from, to);
  if (!out) return answer(std::move(then), {{}, not_found()});
  answer_configured(std::move(then), std::move(*out));
}

void OfflineBackend::set_aside(const std::string&, Then<wire::SetAsidePage> then) {
  answer_configured(std::move(then), wire::SetAsidePage{});
}

void OfflineBackend::sheet(Then<std::string> then) {
  answer_configured(std::move(then), offline::sheet(book()));
}

void OfflineBackend::put_sheet(const std::string& csv, std::int64_t seen,
                               Then<wire::SheetAnswer> then) {
  const auto read = mapping::read_sheet(csv);
  wire::SheetAnswer out;
  if (!read) {
    Trouble unreadable{Trouble::Kind::refused, {}, {}};
    unreadable.problem.status = 400;
    unreadable.problem.code = std::string(code_name(read.error().code));
    unreadable.problem.message = "problem.unusable";
    return answer(std::move(then), {{}, std::move(unreadable)});
  }
  for (const auto& each : read->faults) out.faults.push_back({each.row, each.column});
  if (!out.faults.empty()) return answer_configured(std::move(then), std::move(out));
  wire::ConfigurationPatch patch{seen, {}, {}};
  for (const auto& each : read->lines) {
    wire::ChoicePatch line{each.section, each.ours};
    if (!each.choice)
      line.undecided = true;
    else if (each.choice->create)
      line.create = true;
    else
      line.theirs = each.choice->theirs;
    patch.choices.push_back(std::move(line));
  }
  auto reply = take(save::Edited{seen}, offline::patched(book(), patch));
  if (!reply.value) return answer(std::move(then), {{}, std::move(reply.trouble)});
  out.outcome = std::move(*reply.value);
  out.changed = static_cast<std::int64_t>(patch.choices.size());
  answer(std::move(then), {std::move(out), {}});
}

}  // namespace rekey::web
