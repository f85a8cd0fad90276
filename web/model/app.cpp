#include "web/model/app.hpp"

#include "web/model/offline.hpp"
#include "web/model/story.hpp"

namespace rekey::web {

App::App(std::unique_ptr<Backend> backend) : backend_(std::move(backend)) {}

void App::send(wire::Verb verb) {
  if (model_.sending || model_.refreshing) return;
  dismiss();
  if (const auto refused = why_not(model_, verb)) {
    model_.message =
        Message{Tone::warning, "not_now.title", "refused." + std::string(wire::name_of(*refused))};
    return;
  }
  model_.sending = verb;
  model_.interrupted = false;
  wire::Command command;
  command.command = verb;
  if (const auto* confirming = std::get_if<connect::Confirming>(&model_.page.state.connect.phase))
    if (verb == wire::Verb::confirm_company || verb == wire::Verb::decline_company)
      command.version = confirming->version;
  if (verb == wire::Verb::apply) command.run = model_.page.state.import.run;
  backend_->command(command, [this, verb, mine = loading_](Reply<wire::Outcome> reply) {
    if (mine != loading_) return;
    model_.sending.reset();
    if (!reply.value) return failed(reply.trouble, "command_failed.title");
    took(*reply.value);
    if (verb == wire::Verb::apply) {
      model_.refreshing = true;
      keep_place();
      platform::reload();
    }
  });
}

void App::turn(bool on) {
  model_.message.reset();
  if (std::holds_alternative<connect::Unlinked>(model_.page.state.connect.phase)) {
    model_.tile_open = on;
    return;
  }
  if (on) return;
  // A sign-in that began from nothing has nothing to disconnect: turning off gives it up.
  const bool cancels = why_not(model_, wire::Verb::disconnect).has_value();
  if (cancels) model_.tile_open = false;
  send(cancels ? wire::Verb::cancel : wire::Verb::disconnect);
}

void App::dismiss() {
  model_.message.reset();
  model_.dismissed = model_.page.seq;
}

void App::mark_seen() {
  if (model_.seen >= model_.page.seq) return;
  model_.seen = model_.page.seq;
  platform::store(own_key("seen"), std::to_string(model_.seen));
}

void App::took(const wire::Outcome& outcome) {
  take(model_, outcome.seq, outcome.state, outcome.notices);
  const bool pretended = outcome.redirect == OfflineBackend::consent_address;
  if (outcome.attempt_state)
    put_attempt({*outcome.attempt_state, model_.now(), false, false, connection_});
  if (pretended) {
    model_.pretended_attempt = *outcome.attempt_state;
  } else if (outcome.redirect && outcome.attempt_state) {
    keep_place();
    model_.sending = wire::Verb::connect;  // until the browser has left
    platform::navigate(*outcome.redirect);
    // Should the browser stay (the person stopped it), the button must come back.
    later(10000, [this, mine = loading_] {
      if (mine == loading_ && model_.sending == wire::Verb::connect) model_.sending.reset();
    });
  }
  after_step();
}

void App::failed(const Trouble& trouble, std::string_view title, bool while_saving) {
  using Kind = Trouble::Kind;
  if (trouble.kind == Kind::session_ended) return not_ready(trouble);
  Message message{Tone::danger, std::string(title), "trouble.fault"};
  if (trouble.kind == Kind::unreachable || trouble.kind == Kind::absent)
    message.text = "trouble.unreachable";
  if (!trouble.problem.detail.empty()) message.words = trouble.problem.detail;
  // A refusal has its words here too, in the language of the page.
  const auto id = "refused." + trouble.problem.refusal.value_or("");
  if (texts().has(id)) {
    message.tone = Tone::warning;
    message.words.clear();
    message.text = id;
  }
  (while_saving ? model_.save_trouble : model_.message) = std::move(message);
  // Whatever went wrong, the page must not go on showing what may no longer be so.
  refresh_state();
}

void App::refresh_state() {
  backend_->page([this, mine = loading_](Reply<wire::Page> reply) {
    if (mine != loading_) return;
    if (!reply.value) {
      if (reply.trouble.kind == Trouble::Kind::session_ended) not_ready(reply.trouble);
      return;
    }
    model_.clock = reply.value->now - from_ms(platform::now_ms());
    take(model_, reply.value->seq, reply.value->state, reply.value->notices);
    after_step();
  });
}

}  // namespace rekey::web
