#include "native/server/router.hpp"

#include <optional>

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

}  // namespace

void Router::add(std::string method, std::string_view path, Route route) {
  entries_.push_back({std::move(method), std::string(path), split(path), std::move(route)});
}

http::Response Router::handle(const http::Request& request) const {
  const auto path = split(request.path);
  const std::string method = request.method == "HEAD" ? "GET" : request.method;
  std::string allowed;
  for (const auto& entry : entries_) {
    const auto places = match(entry.segments, path);
    if (!places) continue;
    if (entry.method == method) {
      auto response = entry.route(request, *places);
      response.route = entry.pattern;
      return response;
    }
    allowed += (allowed.empty() ? "" : ", ") + entry.method;
  }
  if (allowed.empty()) {
    if (fallback_) return fallback_(request, {});
    return problem({Code::not_found, "There is nothing at this address.", {}});
  }
  auto response =
      problem({Code::bad_input, "This address does not take " + request.method + ".", {}});
  response.status = 405;
  response.headers.set("Allow", allowed);
  return response;
}

}  // namespace rekey::server
