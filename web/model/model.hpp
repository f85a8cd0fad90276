// Everything the page knows at one moment. Views read it; only the parts of LivePage and view-local
// looks change it.
#pragma once

#include <optional>
#include <string>

#include "core/editing/state.hpp"
#include "core/text/catalogue.hpp"
#include "core/wire/page.hpp"
#include "web/model/mapping.hpp"
#include "web/model/paged_list.hpp"
#include "web/model/progress.hpp"
#include "web/model/where.hpp"

namespace rekey::web {

enum class Stage {
  starting,     ///< asking the backend how things stand
  unreachable,  ///< nobody answers; tried again by itself
  no_session,   ///< the session ended, or there never was one
  stale_link,   ///< the link was used before, but this browser has a session already
  question,     ///< the link is another firm's than the page open here: go on with it?
  choose,       ///< this browser has several firms' pages open: which is to be shown?
  signed_out,   ///< the person ended the session in this tab
  no_backend,   ///< a plain static server: the page can only be tried
  ready,
};

/// The sheet that mappings can be filled in with: what is under way, and what came of the last one.
struct SheetState {
  bool downloading = false;
  bool printing = false;
  bool uploading = false;                        ///< chosen by the person, and not answered yet
  std::optional<wire::SheetAnswer> answer = {};  ///< how many lines changed; or faults, by row
  std::optional<Message> trouble = {};           ///< of either
};

struct Model {
  Stage stage = Stage::starting;
  Message why_not_ready;          ///< the words for every stage but starting and ready
  bool offline = false;           ///< the backend is pretended within the page
  std::string pretended_attempt;  ///< not empty: the pretended consent screen is shown for it

  std::vector<wire::OpenPage> open;  ///< whose pages this browser has open, where that matters
  wire::OpenPage asked;              ///< whose link the question is about
  bool pressed_early = false;        ///< the switch was pressed before it was answered
  bool signing_out = false;

  wire::Page page;
  Millis clock{0};    ///< how far the backend's clock is ahead of the browser's
  bool lost = false;  ///< the stream of events is cut, for longer than a moment

  std::optional<wire::Verb> sending;            ///< the command whose answer is awaited
  std::optional<imports::Entity> sending_list;  ///< which list of the import it is about, if one
  bool interrupted = false;       ///< a callback was sent on before this reload; nothing is known
  bool returning = false;         ///< a callback is being judged and sent on
  bool company_question = false;  ///< another firm has the company: the callback waits
  bool refreshing = false;        ///< the browser page is being loaded anew
  std::optional<Message> message;
  std::int64_t dismissed = 0;  ///< the notice up to which failures were read and closed

  bool tile_open = false;         ///< the switch was turned on, Connect was not pressed yet
  bool disconnect_asked = false;  ///< the switch was turned off: is the grant really to be ended?
  bool tray_open = false;
  Where where;                       ///< what the person looks at
  std::optional<Arriving> arriving;  ///< they have just come there
  float scrolled = 0;                ///< how far they have scrolled there, in CSS pixels
  std::int64_t seen = 0;             ///< the newest notice that was shown
  Estimate estimate;

  std::optional<Mapping> mapping;
  std::optional<Message> mapping_trouble;
  editing::State editing;               ///< what of it is under way, and what waits
  std::optional<Message> save_trouble;  ///< said beside Save Configuration, where the person looks
  /// What kept the last Save Configuration from being done, until it is pressed again or a line is
  /// dealt with. Each is shown at its row too.
  std::vector<wire::SaveObstacle> save_problems;
  bool more_save_problems = false;  ///< there are others besides
  /// These lines share a counterpart, and nothing else is in the way: are they to be saved so?
  /// Answered by Editing::save_anyway or save_not. Empty: nothing is asked.
  std::vector<wire::SaveObstacle> save_question;

  SheetState sheet;
  // Read when they are looked at (Looking).
  PagedList<wire::ConfigurationVersion> versions;
  /// What differs between a version and now. `compared`: the version; 0: none is.
  PagedList<wire::ChangedChoice> comparison;
  std::int64_t compared = 0;
  std::optional<mapping::Settings> compared_settings;  ///< those of now, where they differ
  PagedList<wire::SetAsideRecord> set_aside;

  Instant now() const;
  /// The host application's name, or words that stand for it.
  std::string host() const;
  /// The address of the way back to it; empty: there is none.
  std::string way_back() const;
  /// The person's name, as the host gave it; may be empty.
  std::string person() const;
};

/// "Larch Dental · Jane Doe", or the firm alone.
std::string firm_and_person(const std::string& firm, const std::string& person);

/// Takes a state and its notices, unless something newer is known already.
void take(Model& model, std::int64_t seq, const State& state,
          const std::vector<wire::Notice>& notices);

/// The catalogue of the page, in the language that it has now.
const rekey::text::Catalogue& texts();
/// A text with its values. A value that runs in another direction than the page does not turn the
/// sentence around.
std::string say(std::string_view id, const Values& values = {});
/// A name from outside as a part of a longer text: see `say`.
std::string beside_others(std::string_view name);
/// "Alder, Birch and Cedar".
std::string listed(const std::vector<std::string>& names);
/// The sentence of a problem. One whose message is not in the catalogue (the backend is of another
/// version than the page) has a general one, by its status; no problem at all has none.
std::string words_of(const wire::Problem& problem);
/// A whole number as people write it; as a value of a counted text use `counted`.
std::string number(std::int64_t value);
/// {count} chooses the form of the text and is 1 exactly when there is one; {n} is the written one.
Values counted(std::int64_t value);
/// "3 May 2026".
std::string day(Instant at);
/// "3 May 2026, 14:05".
std::string day_and_time(Instant at);

}  // namespace rekey::web
