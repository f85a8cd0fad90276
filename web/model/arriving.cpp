// The way back from the provider: judged, sent on once, and what came of it.
#include "web/model/app.hpp"

namespace rekey::web {

/// The attempt that the callback in the address names, if this tab began one of that state.
const Attempt* App::attempt_of_address() const {
  const auto callback = oauth::read_callback(query_);
  return callback.state ? attempts_.of_state(*callback.state) : nullptr;
}

void App::put_attempt(Attempt attempt) {
  attempts_.put(std::move(attempt));
  platform::store("rekey.attempts", attempts_.write());
}

/// Deals with what the provider sent back through the address, once.
void App::arrive() {
  after_step();
  const auto* own = attempt_of_address();
  // Of another state than any: judged by the sign-in that this page began.
  if (!own || own->connection != connection_) own = attempts_.of_connection(connection_);
  auto attempt = own ? std::optional(*own) : std::nullopt;
  const auto query = std::exchange(query_, {});
  model_.interrupted = attempt && attempt->spent && !attempt->answered;
  if (query.empty()) return;
  const auto arrival = judge_arrival(query, attempt, model_.page);
  if (arrival.kind == Arrival::Kind::explain)
    model_.message = Message{Tone::warning, arrival.id + ".title", arrival.id + ".text"};
  if (arrival.kind != Arrival::Kind::send_on) return;
  // Spent before it is sent: should the page be loaded anew right now, the code is not sent again.
  attempt->spent = true;
  put_attempt(*attempt);
  sent_query_ = query;
  model_.returning = true;
  send_callback(arrival.callback, 3);
}

/// Sending again after silence does no harm: the backend spends an attempt before it uses its code,
/// so the second arrival of the same callback changes nothing.
void App::send_callback(const wire::Callback& callback, int tries_left) {
  backend_->callback(
      callback, [this, callback, tries_left, mine = loading_](Reply<wire::Outcome> reply) {
        if (mine != loading_) return;
        const bool silent = !reply.value && reply.trouble.kind == Trouble::Kind::unreachable;
        if (silent && tries_left > 0) {
          later(retry_ms, [this, callback, tries_left, mine] {
            if (mine == loading_) send_callback(callback, tries_left - 1);
          });
          return;
        }
        model_.returning = false;
        if (silent) return failed(reply.trouble, "callback_failed.title");
        callback_answered(callback, reply);
      });
}

void App::callback_answered(const wire::Callback& callback, const Reply<wire::Outcome>& reply) {
  const auto& trouble = reply.trouble;
  if (!reply.value && trouble.kind == Trouble::Kind::session_ended) {
    // It was not used: kept here, for when this page is signed in again.
    if (const auto* own = attempts_.of_state(callback.state.value_or(""))) {
      auto attempt = *own;
      attempt.spent = false;
      put_attempt(std::move(attempt));
    }
    query_ = std::exchange(sent_query_, {});
    return not_ready(trouble);
  }
  if (!reply.value && trouble.problem.code == wire::code_company_elsewhere) {
    // Nothing was used yet. The code stays here, in memory only, until the person has answered.
    held_ = callback;
    model_.company_question = true;
    return after_step();
  }
  sent_query_.clear();
  mark_answered();
  if (reply.value) return took(*reply.value);
  // This tab sends an attempt on once. So it was our own sending that spent it, and only the
  // answer was lost: to us, or to the browser, which may repeat a request by itself.
  if (trouble.problem.refusal == "attempt_spent") return refresh_state();
  failed(trouble, "callback_failed.title");
}

void App::mark_answered() {
  const auto* own = attempts_.of_connection(connection_);
  if (!own) return;
  auto attempt = *own;
  attempt.answered = true;
  put_attempt(std::move(attempt));
}

void App::answer_company(bool yes) {
  if (!held_) return;
  auto callback = *std::exchange(held_, {});
  model_.company_question = false;
  if (!yes) {
    sent_query_.clear();
    mark_answered();
    return send(wire::Verb::cancel);
  }
  callback.company_confirmed = true;
  model_.returning = true;
  send_callback(callback, 3);
}

/// The question is over once the sign-in it is about is: cancelled in another tab, or too old.
void App::settle_company_question() {
  if (!held_) return;
  if (std::holds_alternative<connect::Authorizing>(model_.page.state.connect.phase)) return;
  held_.reset();
  sent_query_.clear();
  mark_answered();
  model_.company_question = false;
}

}  // namespace rekey::web
