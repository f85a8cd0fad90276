// How the page comes to know how things stand: the address, the session, the first answer, and the
// stream of what happens after it.
#include "web/model/app.hpp"
#include "web/model/offline.hpp"
#include "web/model/story.hpp"

namespace rekey::web {

namespace {

constexpr std::string_view session_key = "#session=";
/// Streams are cut for a moment when a proxy restarts; only what lasts is worth a sentence.
constexpr int lost_after_ms = 2000;

}  // namespace

void App::start() {
  const auto launch = platform::take_launch();
  query_ = launch.search;
  if (launch.hash.compare(0, session_key.size(), session_key) == 0)
    token_ = launch.hash.substr(session_key.size());
  connection_ = platform::stored("rekey.connection").value_or("");
  attempts_ = Attempts::read(platform::stored("rekey.attempts").value_or(""));
  // The way back from the provider leads to the page that the sign-in was begun on.
  if (const auto* attempt = attempt_of_address(); attempt && !attempt->connection.empty())
    connection_ = attempt->connection;
  if (OfflineBackend::is_chosen()) use_offline();
  platform::on_return([](void* self) { static_cast<App*>(self)->start_again(); }, this);
  start_again();
}

void App::start_again() {
  ++loading_;
  backend_->unwatch();
  model_.sending.reset();
  model_.returning = model_.refreshing = model_.loading = model_.saving = false;
  model_.signing_out = false;
  keeping_ = save_wanted_ = sign_out_wanted_ = false;
  if (model_.stage != Stage::ready) model_.stage = Stage::starting;
  if (token_.empty()) return enter();
  // Not spent on a browser that would forget at once what it is exchanged for.
  if (!platform::cookies()) return without_session();
  sign_in(false);
}

/// Shows the connection of this tab; a tab that has none yet looks whose pages it may show.
void App::enter() {
  if (connection_.empty()) return ask_sessions();
  take_up(connection_);
  load_page();
}

void App::try_offline() {
  OfflineBackend::choose();
  use_offline();
  start_again();
}

void App::use_offline() {
  if (backend_) backend_->unwatch();
  ++loading_;  // whatever the other backend still answers is not used
  backend_ = std::make_unique<OfflineBackend>();
  connection_ = OfflineBackend::connection;
  model_.offline = true;
  model_.stage = Stage::starting;
}

void App::leave_offline() {
  OfflineBackend::leave();
  attempts_.forget(connection_);
  platform::store("rekey.attempts", attempts_.write());
  platform::forget("rekey.connection");
  forget_place();
  platform::reload();
}

void App::answer_pretended(const connect::Company* company) {
  const auto state = std::exchange(model_.pretended_attempt, {});
  query_ = company ? "?code=pretended&state=" + state + "&realmId=" + company->realm_id
                   : "?error=access_denied&state=" + state;
  arrive();
}

void App::load_page() {
  backend_->page([this, mine = loading_](Reply<wire::Page> reply) {
    if (mine != loading_) return;
    if (!reply.value) return not_ready(reply.trouble);
    signed_in_now_ = false;
    show_page(std::move(*reply.value));
  });
}

void App::show_page(wire::Page page) {
  // What the backend takes for ours must be what this tab shows, or nothing is shown.
  if (page.connection && *page.connection != connection_)
    return not_ready({Trouble::Kind::session_ended, {}, {}});
  model_.clock = page.now - from_ms(platform::now_ms());
  if (model_.seen < 0) {
    // The first visit of this tab: what is older than a day is no news.
    model_.seen = 0;
    for (const auto& each : page.notices)
      if (each.at + std::chrono::hours{24} < page.now)
        model_.seen = std::max(model_.seen, each.seq);
  }
  const auto seq = page.seq;
  const auto state = page.state;
  model_.page = std::move(page);
  model_.lost = false;
  model_.stage = Stage::ready;
  take(model_, seq, state, {});
  watch();
  arrive();
}

void App::not_ready(const Trouble& trouble) {
  using Kind = Trouble::Kind;
  model_.sending.reset();
  model_.returning = false;
  switch (trouble.kind) {
    case Kind::session_ended:
      return session_ended(trouble);
    case Kind::absent:
      model_.stage = Stage::no_backend;
      model_.why_not_ready = {Tone::info, "no_backend.title", "no_backend.text"};
      return;
    case Kind::unreachable:
    case Kind::fault:
    case Kind::refused:
      break;
  }
  const bool silent = trouble.kind == Kind::unreachable;
  model_.stage = Stage::unreachable;
  model_.why_not_ready = {Tone::warning, silent ? "unreachable.title" : "fault.title",
                          silent ? "unreachable.text" : "fault.text", trouble.problem.detail};
  later(retry_ms, [this, mine = loading_] {
    if (mine == loading_ && model_.stage == Stage::unreachable) start_again();
  });
}

void App::watch() {
  Watcher watcher;
  watcher.stepped = [this, mine = loading_](wire::Stepped step) {
    if (mine != loading_) return;
    take(model_, step.seq, step.state, step.notices);
    after_step();
  };
  watcher.open = [this, mine = loading_] {
    if (mine != loading_) return;
    const bool was_lost = std::exchange(model_.lost, false);
    stream_open_ = true;
    if (!was_lost) return;
    model_.mapping_trouble.reset();
    refresh_state();
  };
  watcher.lost = [this, mine = loading_](int status, bool ended) {
    if (mine != loading_) return;
    stream_open_ = false;
    // 409: the cookie of this connection is gone, and those of other firms are not.
    if (status == 401 || status == 409) return not_ready({Trouble::Kind::session_ended, {}, {}});
    if (ended)
      later(retry_ms, [this, mine] {
        if (mine == loading_) start_again();
      });
    later(lost_after_ms, [this, mine] {
      if (mine == loading_ && !stream_open_) model_.lost = true;
    });
  };
  backend_->watch(model_.page.seq, std::move(watcher));
}

}  // namespace rekey::web
