#include "web/model/callback.hpp"

namespace rekey::web {

std::string write_attempt(const Attempt& attempt) {
  return wire::dump(wire::write(attempt));
}

std::optional<Attempt> read_attempt(std::string_view stored) {
  const auto json = wire::parse(stored, "The attempt");
  if (!json) return {};
  auto attempt = wire::read_as<Attempt>(*json, "the attempt");
  if (!attempt || attempt->state.empty()) return {};
  return std::move(*attempt);
}

Arrival judge_arrival(std::string_view query, const std::optional<Attempt>& attempt,
                      const wire::Page& page) {
  const auto callback = oauth::read_callback(query);
  if (!callback.present() && !callback.repeated) return {};

  if (attempt && attempt->spent && callback.state == attempt->state)
    return {Arrival::Kind::explain, {}, "callback.repeated"};

  oauth::Expectation expected;
  expected.state = attempt && !attempt->spent ? attempt->state : "";
  expected.issuer = page.issuer;
  expected.company_required = page.company_hint == "callback";
  const auto judged = oauth::validate_callback(callback, expected);
  if (!judged && !judged.error().reason)
    return {
        Arrival::Kind::explain, {}, "callback." + std::string(wire::name_of(judged.error().flaw))};
  return {Arrival::Kind::send_on,
          {callback.state, callback.code, callback.realm_id, callback.iss, callback.error},
          {}};
}

}  // namespace rekey::web
