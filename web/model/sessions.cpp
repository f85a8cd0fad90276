// Whose page this tab shows: the link that was opened, the sessions this browser has, the question
// before another firm's link, and the end of a session.
#include "web/model/app.hpp"

namespace rekey::web {

namespace {

void take_text(std::string& out, const std::optional<std::string>& text) {
  if (text && !text->empty()) out = *text;
}

}  // namespace

/// From now on this tab shows that connection. What it knew of another one is not of this.
void App::take_up(const std::string& connection) {
  platform::store("rekey.connection", connection);
  backend_->use(connection);
  if (std::exchange(taken_up_, true) && connection == connection_) return;
  connection_ = connection;
  Model fresh;
  fresh.stage = model_.stage;
  fresh.offline = model_.offline;
  fresh.page.host = model_.page.host;
  fresh.page.return_url = model_.page.return_url;
  model_ = std::move(fresh);
  held_.reset();
  loaded_run_ = -1;
  blocked_ = false;
  restore_place();
}

/// What an answer says of the host application, whatever else it says.
void App::learn(const wire::WayOn& way) {
  take_text(model_.page.host, way.host);
  if (way.return_url && !way.return_url->empty()) model_.page.return_url = way.return_url;
}

void App::sign_in(bool confirmed) {
  wire::SignIn body{token_, {}};
  if (confirmed) body.confirmed = true;
  backend_->sign_in(body, [this, mine = loading_](Reply<wire::SignedIn> reply) {
    if (mine != loading_) return;
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
void App::ask_about_link(const wire::WayOn& way) {
  model_.asked = {{}, way.firm.value_or(""), way.user.value_or("")};
  model_.open = way.open.value_or(std::vector<wire::OpenPage>{});
  model_.pressed_early = false;
  model_.stage = Stage::question;
  if (model_.page.host.empty() || !model_.page.return_url) learn_sessions();
}

void App::open_link() {
  model_.stage = Stage::starting;
  sign_in(true);
}

void App::keep_as_it_is() {
  token_.clear();
  model_.stage = Stage::starting;
  enter();
}

void App::pressed_early() {
  model_.pressed_early = true;
}

void App::ask_sessions() {
  backend_->sessions([this, mine = loading_](Reply<wire::Sessions> reply) {
    if (mine != loading_) return;
    if (!reply.value) return not_ready(reply.trouble);
    show_sessions(std::move(*reply.value));
  });
}

void App::show_sessions(wire::Sessions sessions) {
  learn({sessions.host,
         model_.page.return_url ? std::nullopt : std::optional(sessions.host_url),
         {},
         {},
         {}});
  model_.open = std::move(sessions.sessions);
  if (model_.open.empty()) return without_session();
  // A link that was used must not end in another firm's page unasked.
  if (!link_was_used_ && model_.open.size() == 1) {
    const auto only = model_.open.front().connection;
    return go_on(only);
  }
  model_.stage = link_was_used_ ? Stage::stale_link : Stage::choose;
  const std::string id = link_was_used_ ? "stale_link" : "choose";
  model_.why_not_ready = {link_was_used_ ? Tone::warning : Tone::info, id + ".title", id + ".text"};
}

/// Asks for the host's name, its address, and whose pages are open, to offer ways on.
void App::learn_sessions() {
  backend_->sessions([this, mine = loading_](Reply<wire::Sessions> reply) {
    if (mine != loading_ || model_.stage == Stage::ready || !reply.value) return;
    take_text(model_.page.host, reply.value->host);
    if (!model_.page.return_url) model_.page.return_url = reply.value->host_url;
    if (model_.stage != Stage::no_session) return;
    model_.open = std::move(reply.value->sessions);
    std::erase_if(model_.open, [&](const auto& each) { return each.connection == connection_; });
  });
}

void App::go_on(const std::string& connection) {
  link_was_used_ = false;
  model_.open.clear();
  model_.stage = Stage::starting;
  take_up(connection);
  load_page();
}

/// Nobody is signed in, or this browser forgets that somebody is.
void App::without_session() {
  const bool forgets = !platform::cookies() || std::exchange(signed_in_now_, false);
  const std::string id = forgets ? "no_cookies" : link_was_used_ ? "stale_link" : "no_session";
  model_.stage = Stage::no_session;
  model_.why_not_ready = {Tone::warning, id + ".title", id + ".text"};
  if (model_.page.host.empty()) learn_sessions();
}

/// The session of this tab's connection is over, or this browser has none of it any more.
void App::session_ended(const Trouble& trouble) {
  const bool knew_page = model_.stage == Stage::ready;
  backend_->unwatch();
  learn(trouble.way);
  if (signed_in_now_ || !platform::cookies()) return without_session();
  const bool came_back = oauth::read_callback(query_).present();
  model_.stage = Stage::no_session;
  const std::string id = came_back ? "session_ended.came_back" : "session_ended";
  const bool named = knew_page && !model_.page.tenant.empty() && !came_back;
  model_.why_not_ready = {Tone::warning, named ? "session_ended.named.title" : id + ".title",
                          id + ".text"};
  learn_sessions();
}

void App::sign_out() {
  if (model_.signing_out) return;
  model_.signing_out = true;
  if (!keeping_) keep_draft();
  sign_out_wanted_ = keeping_;
  if (!keeping_) finish_sign_out();
}

void App::finish_sign_out() {
  backend_->sign_out([this, mine = loading_](Reply<Nothing> reply) {
    if (mine != loading_) return;
    model_.signing_out = false;
    if (reply.value || reply.trouble.kind == Trouble::Kind::session_ended) return signed_out();
    failed(reply.trouble, "sign_out_failed.title");
  });
}

void App::signed_out() {
  ++loading_;
  backend_->unwatch();
  attempts_.forget(connection_);
  platform::store("rekey.attempts", attempts_.write());
  platform::forget("rekey.connection");
  forget_place();
  connection_.clear();
  backend_->use({});
  taken_up_ = false;
  held_.reset();
  model_.mapping.reset();
  model_.tray_open = false;
  model_.stage = Stage::signed_out;
  model_.why_not_ready = {Tone::success, "signed_out.title", "signed_out.text"};
}

}  // namespace rekey::web
