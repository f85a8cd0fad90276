// Numbers out of a seed and a place: everything the sandbox makes up is a pure function of them.
#pragma once

#include <cstdint>
#include <string_view>

namespace rekey::sandbox {

/// A well mixed number from a seed and up to two places (the finaliser of SplitMix64).
constexpr std::uint64_t mix(std::uint64_t seed, std::uint64_t a, std::uint64_t b = 0) {
  std::uint64_t x = seed + 0x9e3779b97f4a7c15ULL * (a + 1) + 0xd1b54a32d192ed03ULL * b;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

/// A seed from a text, the same on every machine (FNV-1a).
constexpr std::uint64_t seed_of(std::string_view text) {
  std::uint64_t x = 0xcbf29ce484222325ULL;
  for (const char c : text) x = (x ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return mix(x, 0);
}

}  // namespace rekey::sandbox
