// What crosses the wire between the page and the backend. Both sides read and write these types.
#pragma once

#include "core/mapping/difference.hpp"
#include "core/mapping/match.hpp"
#include "core/wire/actor.hpp"
#include "core/wire/machine.hpp"

namespace rekey::wire {

/// One line of the notification tray.
struct Notice {
  std::int64_t seq = 0;  ///< of the event it came of
  Instant at{};
  Note note = Note::connected;
  std::string detail;
  static constexpr auto fields() {
    return std::tuple{field("seq", &Notice::seq), field("at", &Notice::at),
                      field("note", &Notice::note), field("detail", &Notice::detail)};
  }
};

/// The person at the page, as the host says; both texts may be empty.
struct PageUser {
  std::string id, name;
  static constexpr auto fields() {
    return std::tuple{field("id", &PageUser::id), field("name", &PageUser::name)};
  }
};

// Members that came later are optional: a page and a backend of neighbouring versions may meet.

/// GET /api/page: everything the page needs to draw itself, at once.
struct Page {
  std::string tenant;        ///< the customer's firm, as the host calls it
  std::string host;          ///< the business application's name
  std::string integration;   ///< the id of the accounting system
  bool sandbox = false;      ///< no real books behind it
  std::string company_hint;  ///< realm id given by the provider in the callback is required
                             ///< ("callback") or not ("none")
  std::string issuer;        ///< expected `iss` of callbacks; empty: the provider sends none
  Instant now{};             ///< the backend's clock
  std::int64_t seq = 0;      ///< of the newest event; the stream of events goes on from here
  State state;
  std::vector<Notice> notices;            ///< newest first, at most 100
  std::optional<std::string> connection;  ///< "con_…": named by every request of this tab
  std::optional<PageUser> user;           ///< the person that the host opened the page for
  std::optional<std::string> return_url;  ///< the way back to the host; empty: there is none
  std::optional<Instant> signed_in_at;
  /// What the host has mapped, in the order of the page; empty: the usual sections.
  mapping::Sections lists = {};
  static constexpr auto fields() {
    return std::tuple{field("tenant", &Page::tenant),
                      field("host", &Page::host),
                      field("integration", &Page::integration),
                      field("sandbox", &Page::sandbox),
                      field("company_hint", &Page::company_hint),
                      field("issuer", &Page::issuer),
                      field("now", &Page::now),
                      field("seq", &Page::seq),
                      field("state", &Page::state),
                      field("notices", &Page::notices),
                      field("connection", &Page::connection),
                      field("user", &Page::user),
                      field("return_url", &Page::return_url),
                      field("signed_in_at", &Page::signed_in_at),
                      rare_field("lists", &Page::lists)};
  }
};

/// The header in which each request of the page under /api names the connection that its tab shows.
inline constexpr std::string_view connection_header = "X-Rekey-Connection";

/// The header of what the page asks by a timer: no sign that a person is there.
inline constexpr std::string_view watching_header = "X-Rekey-Watching";

/// POST /api/session: exchanges the one-time token of a link for a session.
struct SignIn {
  std::string token;
  std::optional<bool> confirmed = {};  ///< the question of another firm was answered
  static constexpr auto fields() {
    return std::tuple{field("token", &SignIn::token), field("confirmed", &SignIn::confirmed)};
  }
};

/// The answer to it; the session is in the cookie.
struct SignedIn {
  std::string connection;
  static constexpr auto fields() { return std::tuple{field("connection", &SignedIn::connection)}; }
};

/// One live session of this browser: a firm's page that is open in it, or may be opened.
struct OpenPage {
  std::string connection;
  std::string firm;  ///< the tenant's name
  std::string user;  ///< the person's name; may be empty
  static constexpr auto fields() {
    return std::tuple{field("connection", &OpenPage::connection), field("firm", &OpenPage::firm),
                      field("user", &OpenPage::user)};
  }
};

/// GET /api/sessions: the pages that the cookies of this browser open.
struct Sessions {
  std::vector<OpenPage> sessions;
  std::string host;      ///< the business application's name
  std::string host_url;  ///< its home; may be empty
  static constexpr auto fields() {
    return std::tuple{field("sessions", &Sessions::sessions), field("host", &Sessions::host),
                      field("host_url", &Sessions::host_url)};
  }
};

/// One event of the stream GET /api/events (`event: step`, `id:` its seq): a step that was taken.
struct Stepped {
  std::int64_t seq = 0;
  Instant at{};
  State state;                  ///< after it
  std::vector<Notice> notices;  ///< that came of it
  std::optional<Actor> actor;   ///< who did it; none: it was stored by a version that did not say
  static constexpr auto fields() {
    return std::tuple{field("seq", &Stepped::seq), field("at", &Stepped::at),
                      field("state", &Stepped::state), field("notices", &Stepped::notices),
                      field("actor", &Stepped::actor)};
  }
};

/// POST /api/commands: what the customer did. `version` for confirm and decline, `run` for apply,
/// `list` for retry and skip.
enum class Verb {
  connect,
  cancel,
  disconnect,
  confirm_company,
  decline_company,
  import,
  resume_import,
  apply,
  pause_import,
  cancel_import,
  retry_list,
  skip_list,
};
constexpr std::array<std::string_view, 12> names_of(Verb) {
  return {"connect",         "cancel",        "disconnect",    "confirm_company",
          "decline_company", "import",        "resume_import", "apply",
          "pause_import",    "cancel_import", "retry_list",    "skip_list"};
}
struct Command {
  Verb command = Verb::connect;
  std::optional<std::int64_t> version;
  std::optional<std::int64_t> run;
  std::optional<imports::Entity> list = {};
  static constexpr auto fields() {
    return std::tuple{field("command", &Command::command), field("version", &Command::version),
                      field("run", &Command::run), rare_field("list", &Command::list)};
  }
};

/// The answer to a command or a callback. `redirect`: where the browser has to go now (Connect),
/// with `attempt_state`, the value that the callback must bring back.
struct Outcome {
  std::int64_t seq = 0;
  State state;
  std::vector<Notice> notices;
  std::optional<std::string> redirect;
  std::optional<std::string> attempt_state;
  /// Of a callback: another tenant has connected the company too. The state says so (`telling`);
  /// this is for pages of before that stayed open.
  bool company_shared = false;
  static constexpr auto fields() {
    return std::tuple{field("seq", &Outcome::seq),
                      field("state", &Outcome::state),
                      field("notices", &Outcome::notices),
                      field("redirect", &Outcome::redirect),
                      field("attempt_state", &Outcome::attempt_state),
                      rare_field("company_shared", &Outcome::company_shared)};
  }
};

/// POST /api/callback: what the provider sent back through the browser (RFC 6749 4.1.2, RFC 9207).
struct Callback {
  std::optional<std::string> state, code, realm_id, iss, error;
  std::optional<bool> company_confirmed = {};  ///< told that another firm has it, said yes
  static constexpr auto fields() {
    return std::tuple{field("state", &Callback::state),
                      field("code", &Callback::code),
                      field("realmId", &Callback::realm_id),
                      field("iss", &Callback::iss),
                      field("error", &Callback::error),
                      field("company_confirmed", &Callback::company_confirmed)};
  }
};

/// Every error of /api: application/problem+json (RFC 9457). `code` is stable, and `refusal` names
/// why the state machine refused, when it did. What a person is told stands in the page's catalogue
/// of texts (public/lang): `message` is its id there, `values` are for its {places}.
struct Problem {
  std::string type_uri = "about:blank";
  std::int64_t status = 500;
  std::string code;
  std::optional<std::string> refusal;
  std::optional<std::string> message;
  std::map<std::string, std::string> values;
  static constexpr auto fields() {
    return std::tuple{field("type", &Problem::type_uri),   field("status", &Problem::status),
                      field("code", &Problem::code),       field("refusal", &Problem::refusal),
                      field("message", &Problem::message), field("values", &Problem::values)};
  }
};

/// What a problem of /api says besides, where it is known (RFC 9457 section 3.2): a question that
/// is to be answered first (`code` "confirm_link", "company_elsewhere"), and the way on.
struct WayOn {
  std::optional<std::string> host;            ///< the business application's name
  std::optional<std::string> return_url;      ///< the way back to it
  std::optional<std::string> firm;            ///< the tenant of the link that was opened
  std::optional<std::string> user;            ///< the person it was made for
  std::optional<std::vector<OpenPage>> open;  ///< the pages this browser has open
  static constexpr auto fields() {
    return std::tuple{field("host", &WayOn::host), field("return_url", &WayOn::return_url),
                      field("firm", &WayOn::firm), field("user", &WayOn::user),
                      field("open", &WayOn::open)};
  }
};

/// Problem codes that the page acts on; all of them are 409.
inline constexpr std::string_view code_confirm_link = "confirm_link";
inline constexpr std::string_view code_other_page = "other_page";
inline constexpr std::string_view code_company_elsewhere = "company_elsewhere";

// What is large of it is compiled once, in core.
REKEY_WIRE(extern, mapping::Records);
REKEY_WIRE(extern, mapping::Configuration);
REKEY_WIRE(extern, Actor);
REKEY_WIRE(extern, Notice);
REKEY_WIRE(extern, std::vector<Notice>);
REKEY_WIRE(extern, Page);
REKEY_WIRE(extern, Sessions);
REKEY_WIRE(extern, Stepped);
REKEY_WIRE(extern, Command);
REKEY_WIRE(extern, Outcome);
REKEY_WIRE(extern, Callback);
REKEY_WIRE(extern, Problem);
REKEY_WIRE(extern, WayOn);

}  // namespace rekey::wire
