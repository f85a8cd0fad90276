// The way back from the provider: judged, sent on once, and what came of it.
#include "web/model/commands.hpp"
#include "web/model/later.hpp"
#include "web/platform/platform.hpp"

namespace rekey::web {

std::string Commands::read_address(std::string query) {
  query_ = std::move(query);
  attempts_ = Attempts::read(platform::stored("rekey.attempts").value_or(""));
  const auto* attempt = attempt_of_address();
  return attempt ? attempt->connection : "";
}

bool Commands::came_back() const {
  return oauth::read_callback(query_).present();
}

/// The attempt that the callback in the address names, if this tab began one of that state.
const Attempt* Commands::attempt_of_address() const {
  const auto callback = oauth::read_callback(query_);
  return callback.state ? attempts_.of_state(*callback.state) : nullptr;
}

void Commands::put_attempt(Attempt attempt) {
  attempts_.put(std::move(attempt));
  platform::store("rekey.attempts", attempts_.write());
}

void Commands::forget_attempts() {
  attempts_.forget(visit_.connection);
  platform::store("rekey.attempts", attempts_.write());
}

void Commands::answer_pretended(const connect::Company* company) {
  const auto state = std::exchange(visit_.model.pretended_attempt, {});
  visit_.model.arriving = Arriving{};
  query_ = company ? "?code=pretended&state=" + state + "&realmId=" + company->realm_id
                   : "?error=access_denied&state=" + state;
  arrive();
}

void Commands::arrive() {
  auto& model = visit_.model;
  visit_.stepped();
  const auto* own = attempt_of_address();
  // Of another state than any: judged by the sign-in that this page began.
  if (!own || own->connection != visit_.connection)
    own = attempts_.of_connection(visit_.connection);
  auto attempt = own ? std::optional(*own) : std::nullopt;
  const auto query = std::exchange(query_, {});
  model.interrupted = attempt && attempt->spent && !attempt->answered;
  if (query.empty()) return;
  const auto arrival = judge_arrival(query, attempt, model.page);
  if (arrival.kind == Arrival::Kind::explain)
    model.message = Message{Tone::warning, arrival.id + ".title", arrival.id + ".text"};
  if (arrival.kind != Arrival::Kind::send_on) return;
  // Spent before it is sent: should the page be loaded anew right now, the code is not sent again.
  attempt->spent = true;
  put_attempt(*attempt);
  sent_query_ = query;
  model.returning = true;
  send_callback(arrival.callback, 3);
}

/// Sending again after silence does no harm: the backend spends an attempt before it uses its code,
/// so the second arrival of the same callback changes nothing.
void Commands::send_callback(const wire::Callback& callback, int tries_left) {
  visit_.backend->callback(
      callback, [this, callback, tries_left, mine = visit_.generation](Reply<wire::Outcome> reply) {
        if (mine != visit_.generation) return;
        const bool silent = !reply.value && reply.trouble.kind == Trouble::Kind::unreachable;
        if (silent && tries_left > 0) {
          later(retry_ms, [this, callback, tries_left, mine] {
            if (mine == visit_.generation) send_callback(callback, tries_left - 1);
          });
          return;
        }
        visit_.model.returning = false;
        if (silent) return visit_.failed(reply.trouble, "callback_failed.title");
        callback_answered(callback, reply);
      });
}

void Commands::callback_answered(const wire::Callback& callback,
                                 const Reply<wire::Outcome>& reply) {
  const auto& trouble = reply.trouble;
  if (!reply.value && trouble.kind == Trouble::Kind::session_ended) {
    // It was not used: kept here, for when this page is signed in again.
    if (const auto* own = attempts_.of_state(callback.state.value_or(""))) {
      auto attempt = *own;
      attempt.spent = false;
      put_attempt(std::move(attempt));
    }
    query_ = std::exchange(sent_query_, {});
    return visit_.ended(trouble);
  }
  if (!reply.value && trouble.problem.code == wire::code_company_elsewhere) {
    // Nothing was used yet. The code stays here, in memory only, until the person has answered.
    held_ = callback;
    visit_.model.company_question = true;
    return visit_.stepped();
  }
  sent_query_.clear();
  mark_answered();
  if (reply.value) return took(*reply.value);
  // This tab sends an attempt on once. So it was our own sending that spent it, and only the
  // answer was lost: to us, or to the browser, which may repeat a request by itself.
  if (trouble.problem.refusal == "attempt_spent") return visit_.refresh();
  visit_.failed(trouble, "callback_failed.title");
}

void Commands::mark_answered() {
  const auto* own = attempts_.of_connection(visit_.connection);
  if (!own) return;
  auto attempt = *own;
  attempt.answered = true;
  put_attempt(std::move(attempt));
}

void Commands::answer_company(bool yes) {
  if (!held_) return;
  auto callback = *std::exchange(held_, {});
  visit_.model.company_question = false;
  if (!yes) {
    sent_query_.clear();
    mark_answered();
    return send(wire::Verb::cancel);
  }
  callback.company_confirmed = true;
  visit_.model.returning = true;
  send_callback(callback, 3);
}

Message company_shared() {
  return {Tone::warning, "company_shared.title", "company_shared.text"};
}

void Commands::settle_company_question() {
  const auto& connect = visit_.model.page.state.connect;
  const auto* telling = connect::telling(connect);
  const bool pressed = visit_.model.sending.has_value();
  const auto told = std::exchange(told_, telling && !pressed ? telling->version : 0);
  const auto* live = connect::live_grant(connect);
  const bool went_on =
      !telling && (connect::version_on_trial(connect) == told || (live && live->version == told));
  if (told != 0 && went_on) visit_.model.message = company_shared();
  if (!held_) return;
  if (std::holds_alternative<connect::Authorizing>(connect.phase)) return;
  held_.reset();
  sent_query_.clear();
  mark_answered();
  visit_.model.company_question = false;
}

}  // namespace rekey::web
