// Going from one place of the page to another: the address follows the person, and the person the
// address.
#pragma once

#include "web/model/looking.hpp"
#include "web/platform/platform.hpp"

namespace rekey::web {

/// The page was opened at an address: shows the place that it names. What names none is the store.
void open_at(Visit& visit, const platform::Launch& launch);

class Places {
 public:
  /// From now on hears of addresses that the person goes to.
  Places(Visit& visit, Looking& looking);
  Places(const Places&) = delete;
  Places& operator=(const Places&) = delete;

  /// Shows that place, as if its link had been pressed.
  void go(const Where& where);
  /// The same without moving the focus: something within the place is about to have it.
  void show(const Where& where);
  /// Has what is shown read, once there is a configuration to read it of; and leaves the address of
  /// a list that this host has not mapped. To be called before each description of the page.
  void settle();

 private:
  void gone_to(const platform::Address& address);
  void take(const Where& where, std::optional<Arriving> arriving);

  Visit& visit_;
  Looking& looking_;
  bool unread_ = true;  ///< what the place shows was not asked for yet
};

/// The title of what is shown, for the browser's tab and window.
std::string title_of(const Model& model);

}  // namespace rekey::web
