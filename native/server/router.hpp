// Which handler answers which method and path.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "native/http/http.hpp"

namespace rekey::server {

/// The values of a path's {places}.
using Places = std::map<std::string, std::string>;
using Route = std::function<http::Response(const http::Request&, const Places&)>;

/// Routes by exact segments and {places}. A path that is known under other methods is answered 405
/// with `Allow`; an unknown one goes to the fallback. GET answers HEAD too.
class Router {
 public:
  /// `path` as in "/v1/connections/{id}".
  void add(std::string method, std::string_view path, Route route);
  /// Says which query parameters a route takes; others are answered 400 from now on.
  void set_parameters(const std::string& method, std::string_view path,
                      std::vector<std::string> names);
  void set_fallback(Route route) { fallback_ = std::move(route); }
  http::Response handle(const http::Request& request) const;

 private:
  struct Entry {
    std::string method;
    std::vector<std::string> segments;
    Route route;
    std::optional<std::vector<std::string>> parameters{};  ///< none: whatever there is
  };
  std::vector<Entry> entries_;
  Route fallback_;
};

}  // namespace rekey::server
