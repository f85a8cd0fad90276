#include "native/http/router.hpp"

#include <algorithm>

#include "core/text/catalogue.hpp"
#include "core/wire/strict.hpp"

namespace rekey::http {

namespace {

std::vector<std::string> split_path(std::string_view path) {
  std::vector<std::string> out;
  while (!path.empty() && path.front() == '/') {
    path.remove_prefix(1);
    const auto end = path.find('/');
    out.emplace_back(path.substr(0, end));
    path = end == std::string_view::npos ? std::string_view{} : path.substr(end);
  }
  return out;
}

bool is_place(std::string_view segment) {
  return segment.starts_with('{');
}

/// Whether a place takes all that is left of a path.
bool is_rest(std::string_view segment) {
  return is_place(segment) && segment.ends_with("...}");
}

/// The segments from `first` on, with the slashes between them.
std::string joined(const std::vector<std::string>& path, std::size_t first) {
  std::string out = path[first];
  for (std::size_t i = first + 1; i < path.size(); ++i) out += "/" + path[i];
  return out;
}

bool same_segment(std::string_view a, std::string_view b, Letters letters) {
  if (letters == Letters::exact) return a == b;
  const auto small = [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return small(x) == small(y); });
}

/// A query has what its route takes, each at most once.
Result<void> check_query(const Request& request, const std::vector<std::string>& known) {
  if (request.query.empty()) return {};
  std::vector<wire::UnknownMember> found;
  const std::vector<std::string_view> names(known.begin(), known.end());
  wire::Json sent = wire::Json::object();
  std::string twice;
  for (const auto& [name, value] : parse_form(request.query)) {
    if (sent.contains(name)) twice = name;
    sent[name] = nullptr;
  }
  wire::find_strangers(sent, names, {}, nullptr, found);
  if (!found.empty())
    return fail(Code::unknown_parameter, wire::in_words("parameter", "The query", found));
  if (!twice.empty())
    return fail(Code::bad_input, text::fill("The query has \"{name}\" more than once, and it is "
                                            "not clear which is meant. Send it once.",
                                            {{"name", twice}}));
  return {};
}

}  // namespace

void Router::add(std::string_view method, std::string_view path, Route route, Letters letters) {
  entries_.push_back({std::string(method), std::string(path), split_path(path), std::move(route),
                      letters, std::nullopt});
}

void Router::set_parameters(std::string_view method, std::string_view path,
                            std::vector<std::string> names) {
  const auto segments = split_path(path);
  for (auto& entry : entries_)
    if (entry.method == method && entry.segments == segments) entry.parameters = names;
}

std::vector<std::pair<std::string, std::string>> Router::routes() const {
  std::vector<std::pair<std::string, std::string>> out;
  for (const auto& entry : entries_) out.emplace_back(entry.method, entry.pattern);
  return out;
}

std::optional<Places> Router::match(const Entry& entry, const std::vector<std::string>& path) {
  const auto& pattern = entry.segments;
  const bool open = !pattern.empty() && is_rest(pattern.back());
  if (open ? path.size() < pattern.size() : path.size() != pattern.size()) return {};
  Places places;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const std::string& segment = pattern[i];
    if (is_rest(segment)) {
      places[segment.substr(1, segment.size() - 5)] = joined(path, i);
    } else if (is_place(segment)) {
      if (path[i].empty()) return {};
      places[segment.substr(1, segment.size() - 2)] = path[i];
    } else if (!same_segment(segment, path[i], entry.letters)) {
      return {};
    }
  }
  return places;
}

Response Router::answer_by(const Entry& entry, const Request& request, const Places& places) const {
  if (entry.parameters)
    if (const auto fit = check_query(request, *entry.parameters); !fit)
      return refuse_(request, fit.error());
  return entry.route(request, places);
}

Response Router::handle(const Request& request) const {
  const auto path = split_path(request.path);
  const std::string_view method =
      request.method == "HEAD" ? "GET" : std::string_view(request.method);
  std::string allowed;
  for (const auto& entry : entries_) {
    const auto places = match(entry, path);
    if (!places) continue;
    if (entry.method == method || entry.method == any_method) {
      auto response = answer_by(entry, request, *places);
      response.route = entry.pattern;
      return response;
    }
    allowed += (allowed.empty() ? "" : ", ") + entry.method;
  }
  if (allowed.empty()) {
    if (fallback_) return fallback_(request, {});
    return refuse_(request, {Code::no_such_address, "There is nothing at this address.", {}});
  }
  auto response =
      refuse_(request, {Code::method_not_allowed,
                        text::fill("This address does not take {method}, but {allowed}.",
                                   {{"method", request.method}, {"allowed", allowed}}),
                        {}});
  response.headers.set("Allow", allowed);
  return response;
}

}  // namespace rekey::http
