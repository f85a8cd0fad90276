// Whether two words are one word with typing errors, and keys under which such words meet.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rekey::mapping {

/// The fewest insertions, deletions, replacements and swaps of neighbours that make one text the
/// other (optimal string alignment); anything above `most` counts as most + 1.
std::size_t edits(std::string_view one, std::string_view other, std::size_t most);

/// Whether two different words are probably one: no digits, at least three letters, and few edits
/// for their length; or a given name and its short form.
bool are_near(std::string_view one, std::string_view other);

/// Whether one word is short for the other: its first letter, or its beginning of three or more.
bool is_short_for(std::string_view one, std::string_view other);

/// How a word sounds, roughly: consonants that are often taken for each other as one, no vowels.
std::string sound_of(std::string_view word);

/// A well mixed 64 bit sum of a text, the same everywhere.
std::uint64_t hash_of(std::string_view text, std::uint64_t seed = 0);
/// Of numbers.
std::uint64_t mix(std::uint64_t one, std::uint64_t other);

/// Keys that words with one letter wrong, missing, added or swapped have in common: the word's own
/// and those of it without one of its letters; and its sound.
void near_keys(std::string_view word, std::vector<std::uint64_t>& out);

}  // namespace rekey::mapping
