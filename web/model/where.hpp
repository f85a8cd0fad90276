// Where on the page a person can be, and the address of each place: what stands behind the #.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/mapping/section.hpp"

namespace rekey::web {

/// The views of the page: the tiles and what to do next; all about the connection; the mappings.
enum class View { store, connection, configuration };

/// What the configuration shows beside its navigation.
enum class Pane { lists, settings, company, left_out, versions, sheet };

struct Where {
  View view = View::store;
  Pane pane = Pane::lists;                       ///< of the configuration
  std::optional<mapping::Section> section = {};  ///< of `lists`; none: the first that needs a look
  std::int64_t version = 0;  ///< of `versions`: the one that is compared with now; 0: none is
  bool operator==(const Where&) const = default;
};

/// The address of a place: "#/configuration/customers".
std::string address_of(const Where& where);
/// The place that an address names, if it names one. Nothing behind the # is the store.
std::optional<Where> where_of(std::string_view address);
/// Whether the address names more than a view.
bool names_part(const Where& where);

/// How the person came to where they are, until the view has dealt with it.
struct Arriving {
  enum class How {
    opened,    ///< the page was loaded at this address: only the scrolling is made up for
    followed,  ///< by a link or a press: what the address names gets the focus
    returned,  ///< by Back or Forward: all is as it was when they left
  };
  How how = How::followed;
  float top = 0;            ///< how far they had scrolled
  std::uint32_t focus = 0;  ///< the widget that had the focus; 0: none
};

}  // namespace rekey::web
