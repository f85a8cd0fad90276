#include "web/model/session.hpp"

#include "web/model/place.hpp"
#include "web/model/unsent.hpp"
#include "web/platform/platform.hpp"

namespace rekey::web {

namespace {

void take_text(std::string& out, const std::optional<std::string>& text) {
  if (text && !text->empty()) out = *text;
}

}  // namespace

/// From now on this tab shows that connection. What it knew of another one is not of this.
void Session::take_up(const std::string& connection) {
  platform::store("rekey.connection", connection);
  visit_.backend->use(connection);
  if (std::exchange(taken_up_, true) && connection == visit_.connection) return;
  visit_.connection = connection;
  Model fresh;
  fresh.stage = visit_.model.stage;
  fresh.offline = visit_.model.offline;
  fresh.page.host = visit_.model.page.host;
  fresh.page.return_url = visit_.model.page.return_url;
  fresh.where = visit_.model.where;
  fresh.arriving = visit_.model.arriving;
  fresh.editing = editing::start_over(visit_.model.editing);
  visit_.model = std::move(fresh);
  commands_.start_over();
  restore_place(visit_, commands_.came_back());
}

/// What an answer says of the host application, whatever else it says.
void Session::learn(const wire::WayOn& way) {
  take_text(visit_.model.page.host, way.host);
  if (way.return_url && !way.return_url->empty()) visit_.model.page.return_url = way.return_url;
}

void Session::sign_in(bool confirmed) {
  wire::SignIn body{token_, {}};
  if (confirmed) body.confirmed = true;
  visit_.backend->sign_in(body, [this, mine = visit_.generation](Reply<wire::SignedIn> reply) {
    if (mine != visit_.generation) return;
    const auto& trouble = reply.trouble;
    if (reply.value) {
      token_.clear();
      link_was_used_ = false;
      signed_in_now_ = true;
      take_up(reply.value->connection);
      return load_page();
    }
    learn(trouble.way);
    if (trouble.problem.code == wire::code_confirm_link) return ask_about_link(trouble.way);
    const bool judged = trouble.kind == Trouble::Kind::session_ended ||
                        (trouble.kind == Trouble::Kind::refused && trouble.problem.status != 429);
    if (!judged) return not_ready(trouble);  // the token was not used: it can be tried again
    token_.clear();
    link_was_used_ = true;
    ask_sessions();
  });
}

/// Another firm's page is open in this browser: nothing is taken over before the person has seen
/// whose link this is (RFC 9700 4.7: a link of an attacker must not sign a victim in).
void Session::ask_about_link(const wire::WayOn& way) {
  visit_.model.asked = {{}, way.firm.value_or(""), way.user.value_or("")};
  visit_.model.open = way.open.value_or(std::vector<wire::OpenPage>{});
  visit_.model.pressed_early = false;
  visit_.model.stage = Stage::question;
  if (visit_.model.page.host.empty() || !visit_.model.page.return_url) learn_sessions();
}

void Session::open_link() {
  visit_.model.stage = Stage::starting;
  sign_in(true);
}

void Session::keep_as_it_is() {
  token_.clear();
  visit_.model.stage = Stage::starting;
  enter();
}

void Session::pressed_early() {
  visit_.model.pressed_early = true;
}

void Session::ask_sessions() {
  visit_.backend->sessions([this, mine = visit_.generation](Reply<wire::Sessions> reply) {
    if (mine != visit_.generation) return;
    if (!reply.value) return not_ready(reply.trouble);
    show_sessions(std::move(*reply.value));
  });
}

void Session::show_sessions(wire::Sessions sessions) {
  learn({sessions.host,
         visit_.model.page.return_url ? std::nullopt : std::optional(sessions.host_url),
         {},
         {},
         {}});
  visit_.model.open = std::move(sessions.sessions);
  if (visit_.model.open.empty()) return without_session();
  // A link that was used must not end in another firm's page unasked.
  if (!link_was_used_ && visit_.model.open.size() == 1) {
    const auto only = visit_.model.open.front().connection;
    return go_on(only);
  }
  visit_.model.stage = link_was_used_ ? Stage::stale_link : Stage::choose;
  const std::string id = link_was_used_ ? "stale_link" : "choose";
  visit_.model.why_not_ready = {link_was_used_ ? Tone::warning : Tone::info, id + ".title",
                                id + ".text"};
}

/// Asks for the host's name, its address, and whose pages are open, to offer ways on.
void Session::learn_sessions() {
  visit_.backend->sessions([this, mine = visit_.generation](Reply<wire::Sessions> reply) {
    if (mine != visit_.generation || visit_.model.stage == Stage::ready || !reply.value) return;
    take_text(visit_.model.page.host, reply.value->host);
    if (!visit_.model.page.return_url) visit_.model.page.return_url = reply.value->host_url;
    if (visit_.model.stage != Stage::no_session) return;
    visit_.model.open = std::move(reply.value->sessions);
    std::erase_if(visit_.model.open,
                  [&](const auto& each) { return each.connection == visit_.connection; });
  });
}

void Session::go_on(const std::string& connection) {
  link_was_used_ = false;
  visit_.model.open.clear();
  visit_.model.stage = Stage::starting;
  take_up(connection);
  load_page();
}

/// There is no session, or this browser does not keep one.
void Session::without_session() {
  const bool forgets = !platform::cookies() || std::exchange(signed_in_now_, false);
  const std::string id = forgets ? "no_cookies" : link_was_used_ ? "stale_link" : "no_session";
  visit_.model.stage = Stage::no_session;
  visit_.model.why_not_ready = {Tone::warning, id + ".title", id + ".text"};
  if (visit_.model.page.host.empty()) learn_sessions();
}

/// The session of this tab's connection is over, or this browser has none of it any more.
void Session::session_ended(const Trouble& trouble) {
  const bool knew_page = visit_.model.stage == Stage::ready;
  visit_.backend->unwatch();
  learn(trouble.way);
  if (signed_in_now_ || !platform::cookies()) return without_session();
  const bool came_back = commands_.came_back();
  visit_.model.stage = Stage::no_session;
  const std::string id = came_back ? "session_ended.came_back" : "session_ended";
  const bool named = knew_page && !visit_.model.page.tenant.empty() && !came_back;
  auto& why = visit_.model.why_not_ready;
  why = {Tone::warning, named ? "session_ended.named.title" : id + ".title", id + ".text"};
  const auto unsent = count_unsent(visit_);
  if (unsent > 0 && !came_back) {
    why.text = "session_ended.unsent";
    why.values = counted(unsent);
  }
  learn_sessions();
}

void Session::sign_out() {
  if (visit_.model.signing_out) return;
  visit_.model.signing_out = true;
  editing_.leave([this](bool leaves) {
    if (leaves) return finish_sign_out();
    visit_.model.signing_out = false;
  });
}

void Session::finish_sign_out() {
  visit_.backend->sign_out([this, mine = visit_.generation](Reply<Nothing> reply) {
    if (mine != visit_.generation) return;
    visit_.model.signing_out = false;
    if (reply.value || reply.trouble.kind == Trouble::Kind::session_ended) return signed_out();
    visit_.failed(reply.trouble, "sign_out_failed.title");
  });
}

void Session::signed_out() {
  ++visit_.generation;
  visit_.backend->unwatch();
  commands_.forget_attempts();
  platform::forget("rekey.connection");
  forget_place(visit_);
  visit_.connection.clear();
  visit_.backend->use({});
  taken_up_ = false;
  commands_.start_over();
  visit_.model.mapping.reset();
  visit_.model.editing = editing::start_over(visit_.model.editing);
  visit_.model.tray_open = false;
  visit_.model.stage = Stage::signed_out;
  visit_.model.why_not_ready = {Tone::success, "signed_out.title", "signed_out.text"};
}

}  // namespace rekey::web
