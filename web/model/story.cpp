#include "web/model/story.hpp"

#include "core/overloaded.hpp"

namespace rekey::web {

namespace {

using connect::Authorizing;
using connect::Broken;
using connect::Company;
using connect::Confirming;
using connect::Disconnecting;
using connect::Exchanging;
using connect::Legacy;
using connect::Linked;
using connect::Origin;
using connect::Proving;
using connect::Unlinked;

template <class T>
const T* is(const State& state) {
  return std::get_if<T>(&state.connect.phase);
}

/// What an authorization under way began from; null where none is.
const Origin* origin_of(const connect::State& state) {
  return std::visit(
      [](const auto& phase) -> const Origin* {
        if constexpr (requires { phase.from; })
          return &phase.from;
        else
          return nullptr;
      },
      state.phase);
}

std::string company_name(const Company& company) {
  return company.name.empty() ? say("company.unnamed") : company.name;
}

Event event_of(const Model& model, wire::Verb verb, imports::Entity list) {
  const auto& state = model.page.state;
  const auto version = version_asked_about(state.connect);
  switch (verb) {
    case wire::Verb::connect:
      return connect::ConnectPressed{"of the page", model.now() + std::chrono::minutes{10}};
    case wire::Verb::cancel:
      return connect::CancelPressed{};
    case wire::Verb::disconnect:
      return connect::DisconnectPressed{};
    case wire::Verb::confirm_company:
      return connect::CompanyConfirmed{version};
    case wire::Verb::decline_company:
      return connect::CompanyDeclined{version};
    case wire::Verb::import:
      return imports::import_anew();
    case wire::Verb::resume_import:
      return imports::ResumePressed{};
    case wire::Verb::pause_import:
      return imports::PausePressed{};
    case wire::Verb::cancel_import:
      return imports::CancelImportPressed{};
    case wire::Verb::retry_list:
      return imports::RetryListPressed{list};
    case wire::Verb::skip_list:
      return imports::SkipListPressed{list};
    case wire::Verb::apply:
      return imports::ApplyPressed{state.import.run};
  }
  return TimeReached{};
}

using Action = BannerStory::Action;

BannerStory story(Tone tone, std::string_view id, const Values& values = {},
                  Action action = Action::none) {
  const std::string name(id);
  return {tone, say(name + ".title", values), say(name + ".text", values), action};
}

/// What was disconnected here and the provider has not confirmed, or never did; or null.
const connect::Revocation* open_revocation(const connect::State& state) {
  const auto* unlinked = std::get_if<Unlinked>(&state.phase);
  if (!unlinked || !unlinked->last) return nullptr;
  const connect::Revocation* found = nullptr;
  for (const auto& each : state.revocations)
    if (!each.tell_at && each.company && each.company->realm_id == unlinked->last->realm_id)
      found = &each;
  return found;
}

// One overload a phase; what is under way first, then what was, then the import.

BannerStory of_connect(const Model& model, const Exchanging& phase) {
  if (!phase.begins) return story(Tone::info, "finishing");
  // Without a count of seconds: a screen reader says it once.
  return story(Tone::warning, "company_told", {{"firm", model.page.tenant}}, Action::told);
}
BannerStory of_connect(const Model&, const Proving&) {
  return story(Tone::info, "proving");
}

BannerStory of_connect(const Model& model, const Confirming& phase) {
  const auto* known = connect::known_company(model.page.state.connect);
  return story(Tone::warning, "confirming",
               {{"found", company_name(phase.found)},
                {"known", known ? company_name(*known) : say("company.unnamed")}},
               Action::confirm);
}

BannerStory of_connect(const Model& model, const Authorizing& phase) {
  if (model.interrupted) return story(Tone::warning, "authorizing.spent");
  return story(Tone::info,
               std::holds_alternative<Unlinked>(phase.from) ? "authorizing" : "authorizing.again");
}

BannerStory of_connect(const Model& model, const Disconnecting& phase) {
  auto out = story(Tone::info, "disconnecting");
  if (model.page.state.save.revision > 0)
    out.text =
        say("disconnected.kept", {{"company", company_name(phase.company)}}) + " " + out.text;
  return out;
}

BannerStory of_connect(const Model& model, const Unlinked& phase) {
  const bool open = tile_is_open(model);
  if (!phase.last) return story(Tone::info, open ? "unlinked.open" : "unlinked");
  auto out = story(Tone::info, open ? "disconnected.open" : "disconnected");
  if (model.page.state.save.revision > 0)
    out.text = say("disconnected.kept", {{"company", company_name(*phase.last)}}) + " " + out.text;
  if (const auto* unconfirmed = open_revocation(model.page.state.connect)) {
    out.tone = Tone::warning;
    out.text = say(unconfirmed->given_up ? "disconnected.given_up" : "disconnected.unconfirmed") +
               " " + out.text;
  }
  return out;
}

BannerStory of_connect(const Model&, const Broken& phase) {
  auto out = story(Tone::danger, "broken", {{"company", company_name(phase.company)}});
  out.text = say("ended." + std::string(wire::name_of(phase.reason)));
  return out;
}

BannerStory of_connect(const Model& model, const Legacy&) {
  return story(Tone::warning, "legacy", {{"host", model.page.host}});
}

const char* trouble_banner(connect::Hindrance reason) {
  switch (mender_of(reason)) {
    case connect::Mender::operator_:
      return "in_trouble.ours";
    case connect::Mender::customer:
      return "in_trouble.customer";
    case connect::Mender::provider:
      break;
  }
  return "in_trouble";
}

const char* trouble_chip(connect::Hindrance reason) {
  switch (mender_of(reason)) {
    case connect::Mender::operator_:
      return "chip.misconfigured";
    case connect::Mender::customer:
      return "chip.at_risk";
    case connect::Mender::provider:
      break;
  }
  return "chip.in_trouble";
}

BannerStory of_connect(const Model& model, const Linked& phase) {
  const auto& import = model.page.state.import.phase;
  if (std::holds_alternative<imports::Running>(import)) return story(Tone::info, "importing");
  if (const auto* failed = std::get_if<imports::Failed>(&import)) {
    auto out = story(Tone::warning, "stopped", {}, Action::resume);
    out.text = say("stopped." + std::string(wire::name_of(failed->reason)));
    return out;
  }
  const auto* done = std::get_if<imports::Done>(&import);
  if (done && !done->applied) return story(Tone::success, "imported", {}, Action::apply);
  if (phase.risk) {
    // On the last day the time matters; before that it only makes the title longer.
    const auto ends = phase.risk->ends;
    const bool is_near = ends - model.now() < std::chrono::hours{24};
    auto out = story(Tone::warning, "at_risk", {{"day", is_near ? day_and_time(ends) : day(ends)}});
    out.text = say("risk." + std::string(wire::name_of(phase.risk->reason)));
    return out;
  }
  if (phase.trouble) {
    auto out = story(Tone::warning, trouble_banner(phase.trouble->reason));
    out.text = say("hindered." + std::string(wire::name_of(phase.trouble->reason)));
    return out;
  }
  if (!done) return story(Tone::info, "linked.empty");
  if (std::holds_alternative<save::Saved>(model.page.state.save.phase)) return {};
  const bool begun = std::holds_alternative<save::Draft>(model.page.state.save.phase);
  return story(Tone::info, begun ? "check.begun" : "check", {}, Action::check);
}

}  // namespace

SwitchStory switch_story(const Model& model) {
  const auto& state = model.page.state;
  SwitchStory out;
  if (is<Unlinked>(state)) {
    out.on = tile_is_open(model);
  } else {
    out.on = !is<Disconnecting>(state);
  }
  out.busy = is<Disconnecting>(state) || model.sending == wire::Verb::disconnect;
  // While a code is exchanged and a company proved there is nothing to turn off yet.
  out.locked = is<Exchanging>(state) || is<Proving>(state) || is<Confirming>(state) ||
               is<Disconnecting>(state) || model.returning || model.company_question;
  return out;
}

ChipStory chip_story(const Model& model) {
  const auto& state = model.page.state;
  if (model.company_question) return {"chip.confirming", Tone::warning, Icon::circle_alert};
  if (const auto* open = open_revocation(state.connect))
    return {open->given_up ? "chip.given_up" : "chip.unconfirmed", Tone::warning,
            Icon::triangle_alert};
  const ChipStory finishing{"chip.finishing", Tone::info, Icon::clock};
  const ChipStory disconnected{"chip.disconnected", Tone::muted, Icon::circle_x};
  return std::visit(
      Overloaded{[](const Legacy&) {
                   return ChipStory{"chip.legacy", Tone::warning, Icon::triangle_alert};
                 },
                 [](const Linked& phase) {
                   if (phase.risk)
                     return ChipStory{"chip.at_risk", Tone::warning, Icon::triangle_alert};
                   if (phase.trouble)
                     return ChipStory{trouble_chip(phase.trouble->reason), Tone::warning,
                                      Icon::triangle_alert};
                   return ChipStory{"chip.linked", Tone::success, Icon::circle_check};
                 },
                 [](const Broken&) {
                   return ChipStory{"chip.broken", Tone::danger, Icon::circle_alert};
                 },
                 [](const Authorizing&) {
                   return ChipStory{"chip.authorizing", Tone::info, Icon::external_link};
                 },
                 [&](const Exchanging&) { return finishing; },
                 [&](const Proving&) { return finishing; },
                 [](const Confirming&) {
                   return ChipStory{"chip.confirming", Tone::warning, Icon::circle_alert};
                 },
                 [&](const Unlinked&) { return disconnected; },
                 [&](const Disconnecting&) { return disconnected; }},
      state.connect.phase);
}

bool tile_is_open(const Model& model) {
  return is<Unlinked>(model.page.state) && (model.tile_open || fresh_failure(model));
}

bool turning_off_ends_grant(const Model& model) {
  return connect::live_grant(model.page.state.connect) &&
         !why_not(model, wire::Verb::disconnect).has_value();
}

BannerStory banner_story(const Model& model) {
  if (model.returning) return story(Tone::info, "finishing");
  if (model.company_question)
    return story(Tone::warning, "company_elsewhere",
                 {{"host", model.host()}, {"firm", model.page.tenant}}, Action::company);
  const auto& state = model.page.state;
  if (const auto* failure = fresh_failure(model); failure && !origin_of(state.connect)) {
    const bool declined = is_declined(*failure);
    auto out = story(declined ? Tone::info : Tone::danger,
                     declined ? "sign_in_declined" : "sign_in_failed", {}, Action::dismiss);
    out.text = say("failed." + failure->detail);
    return out;
  }
  return std::visit([&](const auto& phase) { return of_connect(model, phase); },
                    state.connect.phase);
}

std::int64_t version_asked_about(const connect::State& state) {
  if (const auto* confirming = std::get_if<Confirming>(&state.phase)) return confirming->version;
  const auto* told = connect::telling(state);
  return told ? told->version : 0;
}

const wire::Notice* fresh_failure(const Model& model) {
  for (const auto& each : model.page.notices) {
    if (each.seq <= model.dismissed || each.at + std::chrono::minutes{10} < model.now()) return {};
    // Whatever came of a later sign-in makes the failure of an earlier one old news.
    const bool later = each.note == Note::connected || each.note == Note::upgraded ||
                       each.note == Note::renewed || each.note == Note::disconnected;
    if (later) return {};
    if (each.note == Note::sign_in_failed) return &each;
  }
  return {};
}

bool is_declined(const wire::Notice& notice) {
  return notice.note == Note::sign_in_failed &&
         notice.detail == wire::name_of(connect::Failed::access_denied);
}

std::string notice_words(const wire::Notice& notice) {
  if (is_declined(notice)) return say("note.sign_in_declined");
  const std::string id = "note." + std::string(wire::name_of(notice.note));
  std::string out = say(id, {{"detail", notice.detail}});
  const std::string_view reasons = notice.note == Note::sign_in_failed     ? "failed."
                                   : notice.note == Note::grant_ended      ? "ended."
                                   : notice.note == Note::grant_at_risk    ? "risk."
                                   : notice.note == Note::import_stopped   ? "stopped."
                                   : notice.note == Note::grant_in_trouble ? "hindered."
                                                                           : "";
  const auto reason = std::string(reasons) + notice.detail;
  if (!reasons.empty() && texts().has(reason)) out += " " + say(reason);
  const bool names_company = notice.note == Note::revocation_pending ||
                             notice.note == Note::revocation_confirmed ||
                             notice.note == Note::revocation_given_up;
  if (names_company && !notice.detail.empty())
    out += " " + say("note.of_company", {{"company", notice.detail}});
  return out;
}

std::string entity_name(imports::Entity entity) {
  return say("entity." + std::string(wire::name_of(entity)));
}

int unread(const Model& model) {
  int out = 0;
  for (const auto& each : model.page.notices)
    if (each.seq > model.seen) ++out;
  return out;
}

bool configurable(const State& state) {
  const auto* done = std::get_if<imports::Done>(&state.import.phase);
  return connect::live_grant(state.connect) && done && done->applied;
}

bool has_mappings(const Model& model) {
  return model.stage == Stage::ready && model.pretended_attempt.empty() && model.mapping &&
         configurable(model.page.state);
}

bool is_unsaved(const Model& model) {
  if (!configurable(model.page.state)) return false;
  return std::holds_alternative<save::Draft>(model.page.state.save.phase) ||
         (model.mapping && model.mapping->unsent_changes());
}

std::optional<Refusal> why_not_edit(const Model& model) {
  const auto& state = model.page.state;
  return step(state, save::Edited{state.save.revision}, model.now()).refused;
}

std::optional<Refusal> why_not_save(const Model& model) {
  const auto& state = model.page.state;
  return step(state, save::SavePressed{state.save.revision}, model.now()).refused;
}

std::optional<Refusal> why_not(const Model& model, wire::Verb verb,
                               std::optional<imports::Entity> list) {
  const auto event = event_of(model, verb, list.value_or(imports::Entity{}));
  return step(model.page.state, event, model.now()).refused;
}

}  // namespace rekey::web
