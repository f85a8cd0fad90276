#include "web/model/commands.hpp"

#include "web/model/later.hpp"
#include "web/model/offline.hpp"
#include "web/model/place.hpp"
#include "web/model/story.hpp"
#include "web/platform/platform.hpp"

namespace rekey::web {

namespace {

/// Whether time itself went on with a company that another firm has, just before the person said
/// what to do.
bool is_too_late(wire::Verb verb, const Reply<wire::Outcome>& reply) {
  const auto& refusal = reply.trouble.problem.refusal;
  if (reply.value) return false;
  return (verb == wire::Verb::confirm_company && refusal == "nothing_to_confirm") ||
         (verb == wire::Verb::cancel && refusal == "sign_in_under_way");
}

}  // namespace

void Commands::too_late(wire::Verb verb) {
  visit_.model.sending.reset();
  if (verb == wire::Verb::cancel) visit_.model.message = company_shared();
  visit_.refresh();
}

void Commands::send(wire::Verb verb) {
  const auto& state = visit_.model.page.state;
  wire::Command command;
  command.command = verb;
  if (verb == wire::Verb::confirm_company || verb == wire::Verb::decline_company)
    command.version = version_asked_about(state.connect);
  if (verb == wire::Verb::apply) command.run = state.import.run;
  send(command);
}

void Commands::send(wire::Verb verb, imports::Entity list) {
  wire::Command command;
  command.command = verb;
  command.list = list;
  send(command);
}

void Commands::send(const wire::Command& command) {
  auto& model = visit_.model;
  if (model.sending || model.refreshing) return;
  dismiss();
  const auto verb = command.command;
  if (const auto refused = why_not(model, verb, command.list)) {
    model.message =
        Message{Tone::warning, "not_now.title", "refused." + std::string(wire::name_of(*refused))};
    return;
  }
  model.sending = verb;
  model.sending_list = command.list;
  model.interrupted = false;
  told_ = 0;
  const bool told = connect::telling(model.page.state.connect) != nullptr;
  visit_.backend->command(command,
                          [this, verb, told, mine = visit_.generation](Reply<wire::Outcome> reply) {
                            if (mine != visit_.generation) return;
                            if (told && is_too_late(verb, reply)) return too_late(verb);
                            answered(verb, reply);
                          });
}

void Commands::answered(wire::Verb verb, const Reply<wire::Outcome>& reply) {
  visit_.model.sending.reset();
  if (!reply.value) return visit_.failed(reply.trouble, "command_failed.title");
  took(*reply.value);
  if (verb == wire::Verb::apply) {
    auto& model = visit_.model;
    model.refreshing = true;
    keep_place(visit_);
    // What was applied is there to be checked; in the middle of that it goes on where it was.
    const bool there = model.where.view == View::configuration;
    platform::load_at(address_of(there ? model.where : Where{View::configuration}));
  }
}

void Commands::turn(bool on) {
  auto& model = visit_.model;
  model.message.reset();
  if (std::holds_alternative<connect::Unlinked>(model.page.state.connect.phase)) {
    if (!on) dismiss();  // a sign-in that came to nothing holds the tile open
    model.tile_open = on;
    return;
  }
  if (on) return;
  if (turning_off_ends_grant(model)) {
    model.disconnect_asked = true;
    return;
  }
  // A sign-in that began from nothing has nothing to disconnect: turning off gives it up.
  const bool cancels = why_not(model, wire::Verb::disconnect).has_value();
  model.tile_open = false;
  send(cancels ? wire::Verb::cancel : wire::Verb::disconnect);
}

void Commands::answer_disconnect(bool yes) {
  auto& model = visit_.model;
  model.disconnect_asked = false;
  if (!yes || !turning_off_ends_grant(model)) return;
  model.tile_open = false;
  send(wire::Verb::disconnect);
}

void Commands::dismiss() {
  // What was said is closed, not the way to try again.
  visit_.model.tile_open = tile_is_open(visit_.model);
  visit_.model.message.reset();
  visit_.model.dismissed = visit_.model.page.seq;
}

void Commands::mark_seen() {
  auto& model = visit_.model;
  if (model.seen >= model.page.seq) return;
  model.seen = model.page.seq;
  platform::store(visit_.own_key("seen"), std::to_string(model.seen));
}

void Commands::took(const wire::Outcome& outcome) {
  auto& model = visit_.model;
  visit_.take(outcome);
  const bool pretended = outcome.redirect == OfflineBackend::consent_address;
  if (outcome.attempt_state)
    put_attempt({*outcome.attempt_state, model.now(), false, false, visit_.connection});
  if (pretended) {
    model.pretended_attempt = *outcome.attempt_state;
    model.arriving = Arriving{};
  } else if (outcome.redirect && outcome.attempt_state) {
    keep_place(visit_);
    model.sending = wire::Verb::connect;  // until the browser has left
    platform::navigate(*outcome.redirect);
    // Should the browser stay (the person stopped it), the button must come back.
    later(10000, [this, mine = visit_.generation] {
      auto& sending = visit_.model.sending;
      if (mine == visit_.generation && sending == wire::Verb::connect) sending.reset();
    });
  }
  visit_.stepped();
}

}  // namespace rekey::web
