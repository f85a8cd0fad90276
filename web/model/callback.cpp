#include "web/model/callback.hpp"

namespace rekey::web {

Attempts Attempts::read(std::string_view stored) {
  Attempts out;
  const auto json = wire::parse(stored, "The attempts");
  if (!json) return out;
  auto all = wire::read_as<std::vector<Attempt>>(*json, "the attempts");
  if (all) out.all_ = std::move(*all);
  std::erase_if(out.all_, [](const Attempt& each) { return each.state.empty(); });
  return out;
}

std::string Attempts::write() const {
  return wire::dump(wire::write(all_));
}

void Attempts::put(Attempt attempt) {
  constexpr std::size_t most = 8;
  forget(attempt.connection);
  all_.push_back(std::move(attempt));
  if (all_.size() > most) all_.erase(all_.begin());
}

void Attempts::forget(std::string_view connection) {
  std::erase_if(all_, [&](const Attempt& each) { return each.connection == connection; });
}

const Attempt* Attempts::of_state(std::string_view state) const {
  for (const auto& each : all_)
    if (each.state == state) return &each;
  return nullptr;
}

const Attempt* Attempts::of_connection(std::string_view connection) const {
  for (const auto& each : all_)
    if (each.connection == connection) return &each;
  return nullptr;
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
          {callback.state, callback.code, callback.realm_id, callback.iss, callback.error, {}},
          {}};
}

}  // namespace rekey::web
