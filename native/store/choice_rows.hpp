// The rows of choices: how they are read, and how one begins and ends.
// Included by the store's own files only.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "native/store/configurations.hpp"

namespace rekey::store {

/// None: the text says none, as those of earlier versions, or cannot be read.
std::optional<wire::Actor> actor_in(const std::string& text);
/// As they are stored.
std::string text_in(mapping::Section section);
std::string text_in(const std::optional<wire::Actor>& actor);
std::optional<mapping::Settings> settings_in(const std::string& text);
/// A choice in four columns of a row from `first` on: ours, theirs, name, state.
mapping::Choice choice_in(const Statement& row, int first);

/// The choices of a section that held at a revision, in the order of the host's ids.
std::vector<mapping::Choice> choices_at(Database& db, const CompanyKey& key,
                                        mapping::Section section, std::int64_t revision);

/// A choice that holds, and the revision that it holds from.
struct CurrentChoice {
  std::int64_t since = 0;
  mapping::Choice choice;
};

/// Begins and ends choices of one revision, and keeps the lines in step (lines.hpp).
class ChoiceRows {
 public:
  ChoiceRows(Database& db, CompanyKey key, const Edit& edit);

  std::optional<CurrentChoice> find(mapping::Section section, const std::string& ours);
  /// All of a section, by the host's ids.
  std::unordered_map<std::string, CurrentChoice> current(mapping::Section section);
  /// `before`: the one that held for the same record until now.
  void put(mapping::Section section, const mapping::Choice& choice,
           const std::optional<CurrentChoice>& before);
  void end(mapping::Section section, const std::string& ours, const CurrentChoice& before);

 private:
  void close(mapping::Section section, const std::string& ours, const CurrentChoice& before);

  Database& db_;
  CompanyKey key_;
  std::int64_t revision_;
  std::string actor_;
};

/// Makes the choices of a section these and no others; what is as it was stays as it is.
void replace_section(ChoiceRows& rows, mapping::Section section,
                     const std::vector<mapping::Choice>& choices);

/// Schema 7: makes rows of one body, which follows on those before it.
void move_body(Database& db, const CompanyKey& key, std::int64_t revision);

}  // namespace rekey::store
