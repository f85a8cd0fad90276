// The installed core in a stranger's program: a failure is a value, with a sentence for a person.
#include <cstdio>
#include <core/result.hpp>

static rekey::Result<int> half_of(int number) {
  if (number % 2 != 0) return rekey::fail(rekey::Code::bad_input, "The number is odd.");
  return number / 2;
}

int main() {
  const auto refused = half_of(7);
  if (refused || half_of(8).value() != 4) return 1;
  std::printf("%s: %s\n", std::string(rekey::code_name(refused.error().code)).c_str(),
              refused.error().hint.c_str());
  return rekey::code_name(refused.error().code) == "bad_input" ? 0 : 1;
}
