#include "web/model/offline.hpp"

#include <algorithm>

#include "core/oauth/callback.hpp"
#include "web/model/later.hpp"
#include "web/model/model.hpp"
#include "web/model/offline_parts.hpp"
#include "web/model/offline_records.hpp"
#include "web/platform/platform.hpp"

namespace rekey::web {

namespace {

using offline::answer;
using offline::answer_ms;

constexpr std::string_view storage_key = "rekey.offline";
constexpr int work_ms = 900;  // long enough to be seen
constexpr int page_ms = 250;
constexpr std::int64_t page_size = 20;
constexpr auto one_day = std::chrono::hours{24};

Instant now() {
  return from_ms(platform::now_ms());
}

connect::Lifetimes lifetimes() {
  return {now() + std::chrono::hours{1}, now() + 100 * one_day, now() + 5 * 365 * one_day};
}

Event event_of(const wire::Command& command) {
  switch (command.command) {
    case wire::Verb::connect:
      return connect::ConnectPressed{platform::random_hex(16), now() + std::chrono::minutes{10}};
    case wire::Verb::cancel:
      return connect::CancelPressed{};
    case wire::Verb::disconnect:
      return connect::DisconnectPressed{};
    case wire::Verb::confirm_company:
      return connect::CompanyConfirmed{command.version.value_or(0)};
    case wire::Verb::decline_company:
      return connect::CompanyDeclined{command.version.value_or(0)};
    case wire::Verb::import:
      return imports::import_anew();
    case wire::Verb::resume_import:
      return imports::ResumePressed{};
    case wire::Verb::pause_import:
      return imports::PausePressed{};
    case wire::Verb::cancel_import:
      return imports::CancelImportPressed{};
    case wire::Verb::retry_list:
      return imports::RetryListPressed{command.list.value_or(imports::Entity{})};
    case wire::Verb::skip_list:
      return imports::SkipListPressed{command.list.value_or(imports::Entity{})};
    case wire::Verb::apply:
      return imports::ApplyPressed{command.run.value_or(0)};
  }
  return TimeReached{};
}

/// Whether an event is a change of the configuration, or a save.
bool is_edit(const Event& event) {
  return std::holds_alternative<save::Edited>(event) ||
         std::holds_alternative<save::SavePressed>(event);
}

}  // namespace

Trouble offline::refusal(Refusal why) {
  Trouble out{Trouble::Kind::refused, {}, {}};
  out.problem.status = 409;
  out.problem.code = "not_possible";
  out.problem.refusal = std::string(wire::name_of(why));
  out.problem.message = "refused." + *out.problem.refusal;
  return out;
}

const std::vector<connect::Company>& pretended_companies() {
  static const std::vector<connect::Company> all{{"1001", "Pinmoor Garden Supplies"},
                                                 {"1002", "Pinmoor Wholesale"}};
  return all;
}

bool OfflineBackend::is_chosen() {
  return platform::stored(storage_key).has_value();
}
void OfflineBackend::choose() {
  platform::store(storage_key, "{}");
}
void OfflineBackend::leave() {
  platform::forget(storage_key);
}

OfflineBackend::OfflineBackend() {
  const auto json = wire::parse(platform::stored(storage_key).value_or(""), "What was kept");
  auto kept = json ? wire::read_as<Kept>(*json, "what was kept") : fail(Code::unreadable, "");
  if (kept) {
    kept_ = std::move(*kept);
    go_on();
    return;
  }
  (void)take(connect::LegacyLoaded{pretended_companies().front(), now() - 140 * one_day,
                                   now() + 40 * one_day});
}

void OfflineBackend::store() {
  platform::store(storage_key, wire::dump(wire::write(kept_)));
}

Reply<wire::Outcome> OfflineBackend::take(const Event& event) {
  const auto due = rekey::due(kept_.state);
  if (due && *due <= now() && !std::holds_alternative<TimeReached>(event))
    (void)take(TimeReached{});
  const auto moved = step(kept_.state, event, now());
  if (moved.refused) return {{}, offline::refusal(*moved.refused)};
  kept_.state = moved.next;
  if (changed_ && is_edit(event))
    book().add({kept_.state.save.revision, now(), false, *std::exchange(changed_, std::nullopt)});
  kept_.seq += 1;
  wire::Outcome outcome{kept_.seq, kept_.state, {}, {}, {}};
  for (const auto& effect : moved.effects) {
    if (const auto* notify = std::get_if<Notify>(&effect))
      outcome.notices.push_back({kept_.seq, now(), notify->note, notify->detail});
    if (const auto* redirect = std::get_if<Redirect>(&effect)) {
      outcome.redirect = std::string(consent_address);
      outcome.attempt_state = redirect->attempt;
    }
    perform(effect);
  }
  kept_.notices.insert(kept_.notices.begin(), outcome.notices.begin(), outcome.notices.end());
  store();
  if (watcher_.stepped) watcher_.stepped({kept_.seq, now(), kept_.state, outcome.notices, {}});
  return {outcome, {}};
}

void OfflineBackend::perform(const Effect& effect) {
  std::visit([this](const auto& each) { on(each); }, effect);
}

/// An event of the pretended outside. The core refuses it by itself when nobody waits for it.
void OfflineBackend::soon(int milliseconds, Event event) {
  later(milliseconds, [this, here = std::weak_ptr<bool>(here_), event = std::move(event)] {
    if (here.lock()) (void)take(event);
  });
}

void OfflineBackend::on(const ExchangeCode& effect) {
  soon(work_ms, connect::GrantReceived{effect.version, lifetimes()});
}

void OfflineBackend::on(const ProveCompany& effect) {
  for (const auto& each : pretended_companies())
    if (each.realm_id == kept_.realm_id)
      return soon(work_ms, connect::CompanyProved{effect.version, each});
  soon(work_ms, connect::ProofFailed{effect.version, connect::Failed::company_refused});
}

void OfflineBackend::on(const Revoke& effect) {
  soon(work_ms, connect::Disconnected{effect.version});
}

void OfflineBackend::on(const RetireLegacy&) {
  soon(work_ms, connect::Disconnected{0});
}

void OfflineBackend::on(const RunImport& effect) {
  read_next(effect.run);
}

void OfflineBackend::on(const StoreConfiguration& effect) {
  for (auto& each : book().versions)
    if (each.revision == effect.revision) each.saved = true;
  soon(work_ms / 2, save::ConfigurationStored{effect.revision});
}

void OfflineBackend::read_next(std::int64_t run) {
  later(page_ms, [this, run, here = std::weak_ptr<bool>(here_)] {
    if (!here.lock() || kept_.state.import.run != run) return;
    const auto* running = std::get_if<imports::Running>(&kept_.state.import.phase);
    const auto* next = running ? imports::next_entity(running->progress) : nullptr;
    if (!next) return;
    const auto all = offline::count_of(next->entity);
    const auto done = std::min(all, next->done + page_size);
    (void)take(imports::PageImported{run, next->entity, done, all, done == all});
    read_next(run);
  });
}

/// Takes up after a reload what was under way.
void OfflineBackend::go_on() {
  const auto& phase = kept_.state.connect.phase;
  if (const auto* at = std::get_if<connect::Exchanging>(&phase))
    on(ExchangeCode{at->attempt, at->version});
  if (const auto* at = std::get_if<connect::Proving>(&phase)) on(ProveCompany{at->version});
  if (const auto* at = std::get_if<connect::Disconnecting>(&phase))
    soon(work_ms, connect::Disconnected{at->version});
  if (std::holds_alternative<imports::Running>(kept_.state.import.phase))
    read_next(kept_.state.import.run);
  if (std::holds_alternative<save::Saving>(kept_.state.save.phase))
    on(StoreConfiguration{kept_.state.save.revision});
}

void OfflineBackend::sign_in(const wire::SignIn&, Then<wire::SignedIn> then) {
  answer(std::move(then), {wire::SignedIn{connection}, {}});
}

void OfflineBackend::sessions(Then<wire::Sessions> then) {
  const wire::OpenPage own{connection, pretended_companies().front().name, ""};
  answer(std::move(then), {wire::Sessions{{own}, say("offline.host"), ""}, {}});
}

void OfflineBackend::sign_out(Then<Nothing> then) {
  answer(std::move(then), {Nothing{}, {}});
}

void OfflineBackend::page(Then<wire::Page> then) {
  wire::Page out;
  out.tenant = pretended_companies().front().name;
  out.host = say("offline.host");
  out.integration = "quickbooks-online";
  out.sandbox = true;
  out.company_hint = "callback";
  out.now = now();
  out.seq = kept_.seq;
  out.state = kept_.state;
  out.notices = kept_.notices;
  out.connection = connection;
  out.signed_in_at = now();
  answer(std::move(then), {out, {}});
}

void OfflineBackend::command(const wire::Command& command, Then<wire::Outcome> then) {
  answer(std::move(then), take(event_of(command)));
}

void OfflineBackend::callback(const wire::Callback& callback, Then<wire::Outcome> then) {
  const auto attempt = callback.state.value_or("");
  oauth::Expectation expected;
  expected.state = attempt;
  oauth::Callback read;
  read.state = callback.state;
  read.code = callback.code;
  read.realm_id = callback.realm_id;
  read.error = callback.error;
  const auto judged = oauth::validate_callback(read, expected);
  if (judged) {
    kept_.realm_id = judged->realm_id();
    return answer(std::move(then), take(connect::CallbackArrived{attempt}));
  }
  const auto reason = judged.error().reason.value_or(connect::Failed::provider_error);
  answer(std::move(then), take(connect::CallbackRefused{attempt, reason}));
}

void OfflineBackend::watch(std::int64_t, Watcher watcher) {
  watcher_ = std::move(watcher);
  if (watcher_.open) later(answer_ms, watcher_.open);
}

void OfflineBackend::unwatch() {
  watcher_ = {};
}

}  // namespace rekey::web
