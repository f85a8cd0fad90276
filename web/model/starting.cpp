// How the page comes to know how things stand: the address, the session, the first answer, and the
// stream of what happens after it.
#include "web/model/later.hpp"
#include "web/model/offline.hpp"
#include "web/model/place.hpp"
#include "web/model/places.hpp"
#include "web/model/session.hpp"
#include "web/platform/platform.hpp"

namespace rekey::web {

namespace {

constexpr std::string_view session_key = "#session=";
/// Streams are cut for a moment when a proxy restarts; only what lasts is worth a sentence.
constexpr int lost_after_ms = 2000;

}  // namespace

Session::Session(Visit& visit, Commands& commands, Editing& editing)
    : visit_(visit), commands_(commands), editing_(editing) {
  visit_.stepped = [this] {
    commands_.settle_company_question();
    editing_.stepped();
  };
  visit_.ended = [this](const Trouble& trouble) { not_ready(trouble); };
}

void Session::start() {
  const auto launch = platform::take_launch();
  if (launch.hash.compare(0, session_key.size(), session_key) == 0)
    token_ = launch.hash.substr(session_key.size());
  else
    open_at(visit_, launch);
  // The way back from the provider leads to the page that the sign-in was begun on.
  visit_.connection = commands_.read_address(launch.search);
  if (visit_.connection.empty())
    visit_.connection = platform::stored("rekey.connection").value_or("");
  if (OfflineBackend::is_chosen()) use_offline();
  platform::on_return([](void* self) { static_cast<Session*>(self)->start_again(); }, this);
  start_again();
}

void Session::start_again() {
  ++visit_.generation;
  visit_.backend->unwatch();
  visit_.model.sending.reset();
  visit_.model.returning = visit_.model.refreshing = visit_.model.signing_out = false;
  editing_.left();
  if (visit_.model.stage != Stage::ready) visit_.model.stage = Stage::starting;
  if (token_.empty()) return enter();
  // Not spent on a browser that would forget at once what it is exchanged for.
  if (!platform::cookies()) return without_session();
  sign_in(false);
}

/// Shows the connection of this tab; a tab that has none yet looks whose pages it may show.
void Session::enter() {
  if (visit_.connection.empty()) return ask_sessions();
  take_up(visit_.connection);
  load_page();
}

void Session::try_offline() {
  OfflineBackend::choose();
  use_offline();
  start_again();
}

void Session::use_offline() {
  if (visit_.backend) visit_.backend->unwatch();
  ++visit_.generation;  // whatever the other backend still answers is not used
  visit_.backend = std::make_unique<OfflineBackend>();
  visit_.connection = OfflineBackend::connection;
  visit_.model.offline = true;
  visit_.model.stage = Stage::starting;
}

void Session::leave_offline() {
  OfflineBackend::leave();
  commands_.forget_attempts();
  platform::forget("rekey.connection");
  forget_place(visit_);
  platform::reload();
}

void Session::load_page() {
  visit_.backend->page([this, mine = visit_.generation](Reply<wire::Page> reply) {
    if (mine != visit_.generation) return;
    if (!reply.value) return not_ready(reply.trouble);
    signed_in_now_ = false;
    show_page(std::move(*reply.value));
  });
}

void Session::show_page(wire::Page page) {
  // What the backend takes for ours must be what this tab shows, or nothing is shown.
  if (page.connection && *page.connection != visit_.connection)
    return not_ready({Trouble::Kind::session_ended, {}, {}});
  visit_.model.clock = page.now - from_ms(platform::now_ms());
  if (visit_.model.seen < 0) {
    // The first visit of this tab: what is older than a day is no news, nor is what the person had
    // no part in and the tile says anyway.
    visit_.model.seen = 0;
    for (const auto& each : page.notices)
      if (each.at + std::chrono::hours{24} < page.now || each.note == Note::legacy_found)
        visit_.model.seen = std::max(visit_.model.seen, each.seq);
  }
  const auto seq = page.seq;
  const auto state = page.state;
  visit_.model.page = std::move(page);
  visit_.model.lost = false;
  visit_.model.stage = Stage::ready;
  web::take(visit_.model, seq, state, {});
  watch();
  commands_.arrive();
}

void Session::not_ready(const Trouble& trouble) {
  using Kind = Trouble::Kind;
  visit_.model.sending.reset();
  visit_.model.returning = false;
  editing_.left();
  switch (trouble.kind) {
    case Kind::session_ended:
      return session_ended(trouble);
    case Kind::absent:
      visit_.model.stage = Stage::no_backend;
      visit_.model.why_not_ready = {Tone::info, "no_backend.title", "no_backend.text"};
      return;
    case Kind::unreachable:
    case Kind::fault:
    case Kind::refused:
      break;
  }
  const bool silent = trouble.kind == Kind::unreachable;
  visit_.model.stage = Stage::unreachable;
  visit_.model.why_not_ready = {Tone::warning, silent ? "unreachable.title" : "fault.title",
                                silent ? "unreachable.text" : "fault.text",
                                words_of(trouble.problem)};
  later(retry_ms, [this, mine = visit_.generation] {
    if (mine == visit_.generation && visit_.model.stage == Stage::unreachable) start_again();
  });
}

void Session::watch() {
  Watcher watcher;
  watcher.stepped = [this, mine = visit_.generation](wire::Stepped step) {
    if (mine != visit_.generation) return;
    web::take(visit_.model, step.seq, step.state, step.notices);
    visit_.stepped();
  };
  watcher.open = [this, mine = visit_.generation] {
    if (mine != visit_.generation) return;
    const bool was_lost = std::exchange(visit_.model.lost, false);
    stream_open_ = true;
    if (!was_lost) return;
    editing_.reconnected();
    visit_.refresh();
  };
  watcher.lost = [this, mine = visit_.generation](int status, bool ended) {
    if (mine == visit_.generation) stream_lost(status, ended);
  };
  visit_.backend->watch(visit_.model.page.seq, std::move(watcher));
}

void Session::stream_lost(int status, bool ended) {
  stream_open_ = false;
  // 409: the cookie of this connection is gone, and those of other firms are not.
  if (status == 401 || status == 409) return not_ready({Trouble::Kind::session_ended, {}, {}});
  if (ended)
    later(retry_ms, [this, mine = visit_.generation] {
      if (mine == visit_.generation) start_again();
    });
  later(lost_after_ms, [this, mine = visit_.generation] {
    if (mine == visit_.generation && !stream_open_) visit_.model.lost = true;
  });
}

}  // namespace rekey::web
