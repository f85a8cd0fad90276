// Natural logarithm and exponential of plain additions, multiplications and divisions only, which
// IEEE 754 fixes to the bit: the C libraries' own differ in the last place between the native
// program and WebAssembly, and so would what they decide. (The core is compiled with
// -ffp-contract=off.)
#pragma once

#include <cstdint>
#include <cstring>

namespace rekey::mapping {

inline constexpr double ln_2 = 0.6931471805599453;

/// The bits of a number as another of the same size. (The library of Debian 12's Emscripten has no
/// std::bit_cast.)
template <class To, class From>
To same_bits(From from) {
  static_assert(sizeof(To) == sizeof(From));
  To to;
  std::memcpy(&to, &from, sizeof(to));
  return to;
}

/// The natural logarithm of a positive, normal number; about 1e-12 right.
inline double ln(double value) {
  const auto bits = same_bits<std::uint64_t>(value);
  int exponent = static_cast<int>(bits >> 52) - 1023;
  double part = same_bits<double>((bits & 0x000F'FFFF'FFFF'FFFFULL) | 0x3FF0'0000'0000'0000ULL);
  if (part > 1.4142135623730951) {
    part *= 0.5;
    ++exponent;
  }
  // ln(part) = 2 artanh(s), |s| < 0.172
  const double s = (part - 1) / (part + 1), square = s * s;
  double sum = 0;
  for (int n = 15; n >= 1; n -= 2) sum = sum * square + 1.0 / n;
  return 2 * s * sum + exponent * ln_2;
}

/// e to the power of a number, which is taken as -700 or 700 where it is beyond.
inline double exponential(double power) {
  if (power < -700) power = -700;
  if (power > 700) power = 700;
  const double turns = power / ln_2;
  const auto whole = static_cast<std::int64_t>(turns < 0 ? turns - 0.5 : turns + 0.5);
  const double rest = power - static_cast<double>(whole) * ln_2;
  double sum = 1;
  for (int n = 12; n >= 1; --n) sum = 1 + sum * rest / n;
  return sum * same_bits<double>(static_cast<std::uint64_t>(whole + 1023) << 52);
}

/// The square root of a number from 0 to 1.
inline double square_root(double value) {
  return value <= 1e-300 ? 0 : exponential(0.5 * ln(value));
}

}  // namespace rekey::mapping
