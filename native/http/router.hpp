// Finds the handler of a request by method and path, for every server of this program.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.hpp"
#include "native/http/http.hpp"

namespace rekey::http {

/// The values of a path's {places}, by name.
using Places = std::map<std::string, std::string>;
using Route = std::function<Response(const Request&, const Places&)>;

/// Whether the letters of a path count as they are, or in either case (ASCII).
enum class Letters { exact, either_case };

/// Routes by the segments of a path; of several that fit, the first that was added answers. Paths
/// are compared as `Request::path` has them: percent-decoded once, where the request is read. GET
/// answers HEAD too. What is refused here is answered in the words of the server: an address that
/// does not exist (`no_such_address`), a method that an address does not take
/// (`method_not_allowed`, sent with `Allow`, RFC 9110 section 15.5.6), a query that a route does
/// not take
/// (`unknown_parameter`, `bad_input`).
class Router {
 public:
  using Refuse = std::function<Response(const Request&, const Error&)>;
  /// For a route that takes every method.
  static constexpr std::string_view any_method = "*";

  explicit Router(Refuse refuse) : refuse_(std::move(refuse)) {}

  /// `path` as in "/v1/connections/{id}", where a place is one segment and not empty. A last place
  /// as in "/files/{rest...}" is all segments from there on, with the slashes between them; it may
  /// be empty, but the slash before it must be there.
  void add(std::string_view method, std::string_view path, Route route,
           Letters letters = Letters::exact);
  /// Says which query parameters a route takes; others are answered 400 from now on.
  void set_parameters(std::string_view method, std::string_view path,
                      std::vector<std::string> names);
  /// Method and path of every route, in the order in which they were added.
  std::vector<std::pair<std::string, std::string>> routes() const;
  /// Answers every path that has no route.
  void set_fallback(Route route) { fallback_ = std::move(route); }
  /// The response of the route that fits; it names the route's path (`Response::route`).
  Response handle(const Request& request) const;

 private:
  struct Entry {
    std::string method;
    std::string pattern;
    std::vector<std::string> segments;
    Route route;
    Letters letters = Letters::exact;
    std::optional<std::vector<std::string>> parameters{};  ///< none: any
  };
  static std::optional<Places> match(const Entry& entry, const std::vector<std::string>& path);
  Response answer_by(const Entry& entry, const Request& request, const Places& places) const;

  Refuse refuse_;
  std::vector<Entry> entries_;
  Route fallback_;
};

}  // namespace rekey::http
