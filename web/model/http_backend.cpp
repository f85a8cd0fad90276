#include "web/model/http_backend.hpp"

#include "core/oauth/authorization.hpp"

namespace rekey::web {

namespace {

template <class T>
Reply<T> read_reply(const net::Response& response) {
  if (!response.ok()) return {{}, trouble_of(response)};
  const auto json = wire::parse(response.body, "The answer");
  // A server of static files answers every path with a page of HTML.
  if (!json) return {{}, {Trouble::Kind::absent, {}}};
  auto value = wire::read_as<T>(*json, "the answer");
  if (!value) return {{}, {Trouble::Kind::fault, {}}};
  return {std::move(*value), {}};
}

/// A sheet may be of a hundred thousand lines.
constexpr int sheet_ms = 120'000;

/// The query of an address (RFC 3986 section 3.4); what is empty is left out.
class Query {
 public:
  void add(std::string_view name, std::string_view value) {
    if (value.empty()) return;
    text_ += text_.empty() ? '?' : '&';
    text_ += name;
    text_ += '=';
    text_ += oauth::encode(value);
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

template <class T>
void send(net::Request what, Then<T> then) {
  net::send(std::move(what),
            [then = std::move(then)](net::Response response) { then(read_reply<T>(response)); });
}

}  // namespace

Trouble trouble_of(const net::Response& response) {
  if (response.failure != net::Failure::none || response.status == 0)
    return {Trouble::Kind::unreachable, {}};
  const bool ended = response.status == 401;
  if (const auto json = wire::parse(response.body, "The problem"))
    if (auto problem = wire::read_as<wire::Problem>(*json, "the problem")) {
      Trouble out{response.status < 500 ? Trouble::Kind::refused : Trouble::Kind::fault,
                  std::move(*problem),
                  {}};
      if (ended || out.problem.code == wire::code_other_page)
        out.kind = Trouble::Kind::session_ended;
      if (auto way = wire::read_as<wire::WayOn>(*json, "the problem")) out.way = std::move(*way);
      return out;
    }
  if (ended) return {Trouble::Kind::session_ended, {}};
  // Problems are always JSON, so this is not our backend's answer: a static server, or a proxy.
  const bool absent = response.status == 404 || response.status == 405 || response.status == 501;
  return {absent ? Trouble::Kind::absent : Trouble::Kind::fault, {}};
}

/// Every request names the connection that this tab shows; one that changes something carries a
/// header too that another site cannot send.
net::Request HttpBackend::request(std::string method, std::string path, std::string body) const {
  net::Request out;
  out.method = std::move(method);
  out.path = std::move(path);
  out.headers = {{"Accept", "application/json"}};
  if (!connection_.empty())
    out.headers.emplace_back(std::string(wire::connection_header), connection_);
  if (out.method != "GET") {
    out.headers.emplace_back("Content-Type", "application/json");
    out.headers.emplace_back("X-Rekey", "1");
    out.body = std::move(body);
  }
  return out;
}

void HttpBackend::sign_in(const wire::SignIn& sign_in, Then<wire::SignedIn> then) {
  wire::Json body{{"token", sign_in.token}};
  if (sign_in.confirmed) body["confirmed"] = *sign_in.confirmed;
  send(request("POST", "/api/session", wire::dump(body)), std::move(then));
}

void HttpBackend::sessions(Then<wire::Sessions> then) {
  send(request("GET", "/api/sessions"), std::move(then));
}

void HttpBackend::sign_out(Then<Nothing> then) {
  net::send(request("DELETE", "/api/session"), [then = std::move(then)](net::Response response) {
    if (response.ok()) return then({Nothing{}, {}});
    then({{}, trouble_of(response)});
  });
}

void HttpBackend::page(Then<wire::Page> then) {
  net::send(request("GET", "/api/page"), [then = std::move(then)](net::Response response) {
    auto reply = read_reply<wire::Page>(response);
    // The backend's clock has gone on while the answer lay here.
    if (reply.value) reply.value->now += std::chrono::milliseconds{response.age_ms};
    then(std::move(reply));
  });
}

void HttpBackend::command(const wire::Command& command, Then<wire::Outcome> then) {
  send(request("POST", "/api/commands", wire::dump(wire::write(command))), std::move(then));
}

void HttpBackend::callback(const wire::Callback& callback, Then<wire::Outcome> then) {
  send(request("POST", "/api/callback", wire::dump(wire::write(callback))), std::move(then));
}

void HttpBackend::summary(Then<wire::ConfigurationSummary> then) {
  send(request("GET", "/api/configuration/summary"), std::move(then));
}

void HttpBackend::lines(const LinesQuery& query, Then<wire::LinesPage> then) {
  Query asked;
  asked.add("q", query.search);
  if (query.filter) asked.add("filter", wire::name_of(*query.filter));
  if (query.backwards) asked.add("sort", "-name");
  asked.add("cursor", query.cursor);
  const auto path = "/api/configuration/" + std::string(wire::name_of(query.section));
  send(request("GET", path + asked.text()), std::move(then));
}

void HttpBackend::records(const RecordsQuery& query, Then<wire::RecordsPage> then) {
  Query asked;
  asked.add("q", query.search);
  asked.add("cursor", query.cursor);
  const auto path = "/api/records/" + std::string(wire::name_of(query.section));
  send(request("GET", path + asked.text()), std::move(then));
}

void HttpBackend::change(const wire::ConfigurationPatch& patch, Then<wire::EditAnswer> then) {
  send(request("PATCH", "/api/configuration", wire::text_of(patch)), std::move(then));
}

void HttpBackend::accept(const wire::AcceptSuggestions& what, Then<wire::EditAnswer> then) {
  send(request("POST", "/api/configuration/accept", wire::text_of(what)), std::move(then));
}

void HttpBackend::go_back(const wire::GoBack& where, Then<wire::EditAnswer> then) {
  send(request("POST", "/api/configuration/back", wire::text_of(where)), std::move(then));
}

void HttpBackend::save(const wire::SaveChoices& save, Then<wire::SaveAnswer> then) {
  send(request("POST", "/api/configuration/save", wire::text_of(save)), std::move(then));
}

void HttpBackend::versions(const std::string& cursor, Then<wire::ConfigurationVersions> then) {
  Query asked;
  asked.add("cursor", cursor);
  send(request("GET", "/api/configuration/versions" + asked.text()), std::move(then));
}

void HttpBackend::compare(std::int64_t from, std::int64_t to, const std::string& cursor,
                          Then<wire::ChangedChoices> then) {
  Query asked;
  asked.add("from", std::to_string(from));
  if (to != 0) asked.add("to", std::to_string(to));
  asked.add("cursor", cursor);
  send(request("GET", "/api/configuration/changes" + asked.text()), std::move(then));
}

void HttpBackend::set_aside(const std::string& cursor, Then<wire::SetAsidePage> then) {
  Query asked;
  asked.add("cursor", cursor);
  send(request("GET", "/api/configuration/set-aside" + asked.text()), std::move(then));
}

void HttpBackend::sheet(Then<std::string> then) {
  auto what = request("GET", "/api/configuration/sheet");
  what.timeout_ms = sheet_ms;
  what.headers.front().second = "text/csv";
  net::send(std::move(what), [then = std::move(then)](net::Response response) {
    if (response.ok()) return then({std::move(response.body), {}});
    then({{}, trouble_of(response)});
  });
}

void HttpBackend::put_sheet(const std::string& csv, std::int64_t seen,
                            Then<wire::SheetAnswer> then) {
  auto what = request("PUT", "/api/configuration/sheet?seen=" + std::to_string(seen), csv);
  what.timeout_ms = sheet_ms;
  for (auto& [name, value] : what.headers)
    if (name == "Content-Type") value = "text/csv";
  send(std::move(what), std::move(then));
}

void HttpBackend::watch(std::int64_t seq, Watcher watcher) {
  unwatch();
  net::StreamEvents events;
  events.open = std::move(watcher.open);
  events.lost = std::move(watcher.lost);
  events.event = [stepped = std::move(watcher.stepped)](std::string_view name,
                                                        std::string_view data, std::string_view) {
    if (name != "step") return;
    const auto json = wire::parse(data, "The event");
    if (!json) return;
    if (auto step = wire::read_as<wire::Stepped>(*json, "the event")) stepped(std::move(*step));
  };
  stream_ = net::open_stream({connection_, std::to_string(seq)}, std::move(events));
}

void HttpBackend::unwatch() {
  if (stream_ >= 0) net::close_stream(stream_);
  stream_ = -1;
}

}  // namespace rekey::web
