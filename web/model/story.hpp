// What is the case now, in words: the chip and the switch of the tile, the steps, the main banner.
// Pure, so that every state's sentence can be tested without a browser.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "web/model/model.hpp"

namespace rekey::web {

/// How the tile's switch stands. `locked`: something is being finished that cannot be turned off.
struct SwitchStory {
  bool on = false;
  bool locked = false;
  bool busy = false;
};
SwitchStory switch_story(const Model& model);

/// The chip of the tile: an id of the catalogue and what it means.
struct ChipStory {
  std::string text;
  Tone tone = Tone::muted;
  Icon icon = Icon::none;
};
ChipStory chip_story(const Model& model);

/// Whether the tile shows Connect though there is no connection: the switch was turned on, or a
/// sign-in came to nothing just now.
bool tile_is_open(const Model& model);
/// Whether turning the switch off ends a grant that works, which is asked about first.
bool turning_off_ends_grant(const Model& model);

/// The four steps: Connect, Import, Check mappings, Save. A saved configuration with open lines is
/// not finished: the third is where the person is.
std::array<StepState, 4> steps_of(const Model& model);
/// Whether the mappings are there to be worked on.
bool has_mappings(const Model& model);
/// Whether all of them are done.
bool is_finished(const Model& model);
/// How many lines have no decision yet, of a configuration that was saved and is shown; 0: none,
/// or nothing was saved. What the core applies with a save has been decided by then.
std::int64_t open_lines(const Model& model);

/// The banner that says what is the case and what comes next. No title: nothing needs to be said.
struct BannerStory {
  Tone tone = Tone::info;
  std::string title, text;  ///< words, ready to be shown
  enum class Action {
    none,
    confirm,
    company,
    told,
    resume,
    apply,
    check,
    dismiss
  } action = Action::none;
};
BannerStory banner_story(const Model& model);

/// The version that a yes or no about a company is of; 0: nothing is asked. The company is another
/// one than before, or one that another firm has and the person is told of.
std::int64_t version_asked_about(const connect::State& state);
/// The newest failed sign-in, if it is of the last minutes and was not closed.
const wire::Notice* fresh_failure(const Model& model);
/// Whether this tells of a sign-in that the person decided against, which is no error.
bool is_declined(const wire::Notice& notice);
/// The words of one line of the tray.
std::string notice_words(const wire::Notice& notice);
/// "Customers" for Entity::customer.
std::string entity_name(imports::Entity entity);
/// How many notices came since the person looked.
int unread(const Model& model);

/// Whether there is a configuration to be looked at and changed now.
bool configurable(const State& state);
/// Whether it was changed since it was saved.
bool is_unsaved(const Model& model);
/// What the core would refuse the command with; nothing: it is possible. `list`: of a command that
/// is about one list of the import.
std::optional<Refusal> why_not(const Model& model, wire::Verb verb,
                               std::optional<imports::Entity> list = {});
/// The same for a change of the configuration, and for saving it.
std::optional<Refusal> why_not_edit(const Model& model);
std::optional<Refusal> why_not_save(const Model& model);

}  // namespace rekey::web
