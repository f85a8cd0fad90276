#include "native/server/router.hpp"

#include "native/server/problem.hpp"

namespace rekey::server {

namespace {

std::vector<std::string> split(std::string_view path) {
  std::vector<std::string> out;
  while (!path.empty() && path.front() == '/') {
    path.remove_prefix(1);
    const auto end = path.find('/');
    out.emplace_back(path.substr(0, end));
    path = end == std::string_view::npos ? std::string_view{} : path.substr(end);
  }
  return out;
}

bool is_place(const std::string& segment) {
  return !segment.empty() && segment.front() == '{';
}

std::optional<Places> match(const std::vector<std::string>& pattern,
                            const std::vector<std::string>& path) {
  if (pattern.size() != path.size()) return {};
  Places places;
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (is_place(pattern[i])) {
      if (path[i].empty()) return {};
      places[pattern[i].substr(1, pattern[i].size() - 2)] = path[i];
    } else if (pattern[i] != path[i]) {
      return {};
    }
  }
  return places;
}

/// A query has what its route takes, each at most once.
Result<void> check_query(const http::Request& request, const std::vector<std::string>& known) {
  if (request.query.empty()) return {};
  std::vector<wire::UnknownMember> found;
  const std::vector<std::string_view> names(known.begin(), known.end());
  wire::Json sent = wire::Json::object();
  std::string twice;
  for (const auto& [name, value] : http::parse_form(request.query)) {
    if (sent.contains(name)) twice = name;
    sent[name] = nullptr;
  }
  wire::find_strangers(sent, names, {}, nullptr, found);
  if (!found.empty())
    return fail(Code::unknown_parameter, wire::in_words("parameter", "The query", found));
  if (!twice.empty())
    return fail(Code::bad_input, "The query has \"" + twice +
                                     "\" more than once, and it is not clear which is meant. Send "
                                     "it once.");
  return {};
}

}  // namespace

void Router::add(std::string method, std::string_view path, Route route) {
  entries_.push_back({std::move(method), std::string(path), split(path), std::move(route), {}});
}

void Router::set_parameters(const std::string& method, std::string_view path,
                            std::vector<std::string> names) {
  const auto segments = split(path);
  for (auto& entry : entries_)
    if (entry.method == method && entry.segments == segments) entry.parameters = names;
}

http::Response Router::answer_by(const Entry& entry, const http::Request& request,
                                 const Places& places) {
  if (entry.parameters)
    if (const auto fit = check_query(request, *entry.parameters); !fit) return problem(fit.error());
  return entry.route(request, places);
}

http::Response Router::handle(const http::Request& request) const {
  const auto path = split(request.path);
  const std::string method = request.method == "HEAD" ? "GET" : request.method;
  std::string allowed;
  for (const auto& entry : entries_) {
    const auto places = match(entry.segments, path);
    if (!places) continue;
    if (entry.method == method) {
      auto response = answer_by(entry, request, *places);
      response.route = entry.pattern;
      return response;
    }
    allowed += (allowed.empty() ? "" : ", ") + entry.method;
  }
  if (allowed.empty()) {
    if (fallback_) return fallback_(request, {});
    return problem({Code::no_such_address, "There is nothing at this address.", {}});
  }
  auto response =
      problem({Code::method_not_allowed,
               "This address does not take " + request.method + ", but " + allowed + ".",
               {}});
  response.headers.set("Allow", allowed);
  return response;
}

}  // namespace rekey::server
