// The installed core in a stranger's program: a legacy connection is loaded, Connect is pressed.
#include <core/connection.hpp>
#include <cstdio>

int main() {
  const rekey::Instant now = rekey::from_ms(1'700'000'000'000);
  const rekey::connect::Company company{"1000000001", "Example Company"};
  const auto loaded = rekey::step({}, rekey::connect::LegacyLoaded{company, now, {}}, now);
  const rekey::Event press =
      rekey::connect::ConnectPressed{"attempt-1", now + rekey::Millis{60000}};
  const auto pressed = rekey::step(loaded.next, press, now);

  // A company is connected already, so it may not be loaded a second time: refused, with a reason.
  const auto again = rekey::step(pressed.next, rekey::connect::LegacyLoaded{company, now, {}}, now);
  std::printf("effects of Connect: %zu; loading again is %s\n", pressed.effects.size(),
              again.refused ? "refused" : "possible");
  const bool redirects =
      !pressed.effects.empty() && std::holds_alternative<rekey::Redirect>(pressed.effects.front());
  return redirects && again.refused && again.next == pressed.next ? 0 : 1;
}
