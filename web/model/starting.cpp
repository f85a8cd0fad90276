// How the page comes to know how things stand: the address, the session, the first answer, and the
// stream of what happens after it.
#include "web/model/app.hpp"
#include "web/model/offline.hpp"
#include "web/model/story.hpp"

namespace rekey::web {

namespace {

constexpr std::string_view session_key = "#session=";
constexpr int retry_ms = 3000;
/// Streams are cut for a moment when a proxy restarts; only what lasts is worth a sentence.
constexpr int lost_after_ms = 2000;

}  // namespace

void App::start() {
  const auto launch = platform::take_launch();
  query_ = launch.search;
  if (launch.hash.compare(0, session_key.size(), session_key) == 0)
    token_ = launch.hash.substr(session_key.size());
  restore_place();
  if (OfflineBackend::is_chosen()) use_offline();
  platform::on_return([](void* self) { static_cast<App*>(self)->start_again(); }, this);
  start_again();
}

void App::start_again() {
  ++loading_;
  backend_->unwatch();
  model_.sending.reset();
  model_.returning = model_.refreshing = model_.loading = model_.saving = false;
  keeping_ = save_wanted_ = false;
  if (model_.stage != Stage::ready) model_.stage = Stage::starting;
  if (token_.empty()) return load_page();
  backend_->sign_in(token_, [this, mine = loading_](Reply<Nothing> reply) {
    if (mine != loading_) return;
    const auto kind = reply.trouble.kind;
    if (!reply.value && kind != Trouble::Kind::session_ended && kind != Trouble::Kind::refused)
      return not_ready(reply.trouble, false);  // the token was not used: it can be tried again
    link_was_used_ = !reply.value;
    token_.clear();
    load_page();
  });
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
  model_.offline = true;
  model_.stage = Stage::starting;
}

void App::leave_offline() {
  OfflineBackend::leave();
  platform::forget("rekey.attempt");
  platform::reload();
}

void App::answer_pretended(const connect::Company* company) {
  const auto state = std::exchange(model_.pretended_attempt, {});
  query_ = company ? "?code=pretended&state=" + state + "&realmId=" + company->realm_id
                   : "?error=access_denied&state=" + state;
  arrive();
}

void App::go_on() {
  link_was_used_ = false;
  model_.stage = Stage::ready;
  arrive();
}

void App::load_page() {
  backend_->page([this, mine = loading_](Reply<wire::Page> reply) {
    if (mine != loading_) return;
    if (!reply.value) return not_ready(reply.trouble, link_was_used_);
    show_page(std::move(*reply.value));
  });
}

void App::show_page(wire::Page page) {
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
  take(model_, seq, state, {});
  watch();
  if (link_was_used_) {
    // Another customer's session may be in this browser: never go on unasked.
    model_.stage = Stage::stale_link;
    model_.why_not_ready = {
        Tone::warning, "stale_link.title", "stale_link.text", {}, {{"host", model_.page.host}}};
    return;
  }
  model_.stage = Stage::ready;
  arrive();
}

void App::not_ready(const Trouble& trouble, bool link_was_used) {
  using Kind = Trouble::Kind;
  model_.sending.reset();
  model_.returning = false;
  const auto host = model_.page.host.empty() ? say("host.unknown") : model_.page.host;
  const Values values{{"host", host}};
  switch (trouble.kind) {
    case Kind::session_ended:
      backend_->unwatch();
      model_.stage = Stage::no_session;
      model_.why_not_ready = {Tone::warning,
                              link_was_used ? "stale_link.title" : "session_ended.title",
                              link_was_used ? "stale_link.text" : "session_ended.text",
                              {},
                              values};
      return;
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

/// Deals with what the provider sent back through the address, once.
void App::arrive() {
  after_step();
  const auto query = std::exchange(query_, {});
  const auto stored = platform::stored("rekey.attempt");
  auto attempt = stored ? read_attempt(*stored) : std::nullopt;
  model_.interrupted = attempt && attempt->spent && !attempt->answered;
  if (query.empty()) return;
  const auto arrival = judge_arrival(query, attempt, model_.page);
  if (arrival.kind == Arrival::Kind::explain)
    model_.message = Message{Tone::warning, arrival.id + ".title", arrival.id + ".text"};
  if (arrival.kind != Arrival::Kind::send_on) return;
  // Spent before it is sent: should the page be loaded anew right now, the code is not sent again.
  attempt->spent = true;
  platform::store("rekey.attempt", write_attempt(*attempt));
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
        if (!silent) mark_answered();
        if (reply.value) return took(*reply.value);
        // This tab sends an attempt on once. So it was our own sending that spent it, and only the
        // answer was lost: to us, or to the browser, which may repeat a request by itself.
        if (reply.trouble.problem.refusal == "attempt_spent") return refresh_state();
        failed(reply.trouble, "callback_failed.title");
      });
}

void App::mark_answered() {
  const auto stored = platform::stored("rekey.attempt");
  auto attempt = stored ? read_attempt(*stored) : std::nullopt;
  if (!attempt) return;
  attempt->answered = true;
  platform::store("rekey.attempt", write_attempt(*attempt));
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
    if (status == 401) return not_ready({Trouble::Kind::session_ended, {}}, false);
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

/// Where the person was, through a reload of this tab: what was read and open.
void App::keep_place() {
  wire::Json sections = wire::Json::array();
  if (model_.mapping)
    for (const auto& each : model_.mapping->sections)
      sections.push_back({{"filter", static_cast<int>(each.filter)},
                          {"search", each.search},
                          {"page", each.page}});
  platform::store("rekey.place", wire::dump({{"tray", model_.tray_open},
                                             {"scrolled", model_.scrolled},
                                             {"sections", sections}}));
  platform::store("rekey.seen", std::to_string(model_.seen));
}

void App::restore_place() {
  model_.seen = -1;
  if (const auto seen = platform::stored("rekey.seen"))
    model_.seen = std::strtoll(seen->c_str(), nullptr, 10);
  const auto stored = platform::stored("rekey.place");
  if (!stored) return;
  platform::forget("rekey.place");
  const auto place = wire::parse(*stored, "The place");
  if (!place || !place->is_object()) return;
  model_.tray_open = place->value("tray", false);
  model_.scroll_back = place->value("scrolled", 0.f);
  place_ = place->value("sections", wire::Json::array());
}

}  // namespace rekey::web
