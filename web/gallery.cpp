// Every widget on one page, for the tests of the widgets and for looking at them.
#include <emscripten.h>

#include <array>
#include <string>
#include <vector>

#include "web/platform/platform.hpp"
#include "web/widget/theme.hpp"
#include "web/widget/widget.hpp"

namespace rekey::web::view {
namespace {

constexpr int kCustomers = 1200;
constexpr int kRows = 12;

std::vector<Option> make_options() {
  // Made-up words, of nobody; every script that a customer list may hold.
  constexpr std::array first{"Amber",  "Birch", "Čedar", "Dunes", "Élan",  "Fjord", "Grün",
                             "Harbor", "Île",   "Jörg",  "Kite",  "Łąka",  "Мост",  "Νήσος",
                             "Océan",  "青空",  "سحاب",  "한빛",  "Peñón", "Quill", "שקד"};
  constexpr std::array second{"Bakery", "Tools", "Œuvre", "GmbH", "商事", "Оптика", "Textiles"};
  std::vector<Option> options;
  for (int i = 0; i < kCustomers; ++i) {
    const auto a = static_cast<std::size_t>(i) % first.size();
    const auto b = static_cast<std::size_t>(i / 3) % second.size();
    options.push_back({std::to_string(1000 + i),
                       std::string(first[a]) + " " + second[b] + " " + std::to_string(i),
                       "No. " + std::to_string(1000 + i) + (i % 17 == 0 ? " · inactive" : "")});
  }
  return options;
}

struct Gallery {
  std::vector<Option> options = make_options();
  std::vector<Option> terms{{"15", "Net 15"}, {"30", "Net 30"}, {"60", "Net 60"}};
  std::vector<Step> steps{{"Connect", StepState::done},
                          {"Import", StepState::current},
                          {"Configure", StepState::todo},
                          {"Save", StepState::todo}};
  std::vector<std::string> filters{"All", "Not mapped", "Suggested"};
  std::vector<TableColumn> columns{{"Your customer", 2}, {"Status", 1}, {"QuickBooks customer", 3}};
  std::vector<std::string> mapped = std::vector<std::string>(kRows);
  std::vector<std::string> suggested{"1007", "1021"};
  std::vector<std::string> log;
  std::string term, name, search;
  bool connected = true, tray = false, dialog = false, history = false, inactive = false;
  bool banner = true, toast = false;
  int filter = 0, page = 0, presses = 0, pill = 0, toasts = 0;
  Lookup lookup;
  std::vector<Option> found;
  std::string looked_up = "1003";
  std::size_t part = 0;
};

Gallery& model() {
  static Gallery gallery;
  return gallery;
}

void bar(Ui& ui) {
  Gallery& g = model();
  ui.bar([&] {
    ui.icon(Icon::plug_zap, Tone::accent, 24);
    ui.text("Rekey", {.size = TextSize::large, .strong = true});
    if (!ui.narrow()) ui.text("Riverside Trading", {.tone = Tone::muted});
    ui.spacer();
    if (ui.icon_button({.name = "Notifications",
                        .icon = Icon::bell,
                        .badge = 3,
                        .expanded = g.tray,
                        .controls_popup = true,
                        .description = "3 unread"})) {
      g.tray = !g.tray;
    }
  });
}

void tiles(Ui& ui) {
  Gallery& g = model();
  ui.grid({.min_width = 300, .max_columns = 3}, [&] {
    ui.card({.name = "QuickBooks Online", .role = CardRole::article}, [&] {
      ui.row({.gap = 12, .wrap = false}, [&] {
        ui.icon(Icon::book_open, Tone::success, 28);
        ui.column({.gap = 0}, [&] {
          ui.heading(2, "QuickBooks Online");
          ui.text("Accounting", {.size = TextSize::small, .tone = Tone::muted});
        });
        if (ui.toggle(
                {.name = "QuickBooks Online switch", .on = g.connected, .show_name = false})) {
          if (g.connected) {
            g.dialog = true;
          } else {
            g.connected = true;
            ui.announce("You are connected");
          }
        }
      });
      ui.chip({.text = "Connected with OAuth 1.0. Upgrade needed",
               .tone = Tone::warning,
               .icon = Icon::triangle_alert});
      ui.text(
          "Connected since 3 May 2019. Without the upgrade Intuit ends this connection on 15 "
          "January; invoices would then no longer be transferred.",
          {.tone = Tone::muted});
      ui.row({}, [&] {
        if (ui.button({.name = "Connect", .kind = ButtonKind::primary, .icon = Icon::plug})) {
          ++g.presses;
        }
        ui.link({.name = "What changes?", .href = "help.html", .external = true});
      });
    });
    ui.card({.name = "Payroll"}, [&] {
      ui.heading(2, "Payroll");
      ui.chip({.text = "Not connected"});
      ui.text("Wages and time sheets.", {.tone = Tone::muted});
      ui.text("Pressed " + std::to_string(g.presses) + " times", {.key = "presses"});
    });
    ui.card({.name = "Loading tile"}, [&] {
      ui.loading("Loading the connection…");
      ui.skeleton(3);
    });
  });
}

void states(Ui& ui) {
  Gallery& g = model();
  ui.card({.name = "Buttons", .role = CardRole::region}, [&] {
    ui.heading(2, "Buttons");
    ui.row({}, [&] {
      if (ui.button({.name = "Primary", .kind = ButtonKind::primary})) ++g.presses;
      if (ui.button({.name = "Secondary", .icon = Icon::refresh_cw})) ++g.presses;
      if (ui.button({.name = "Disconnect", .kind = ButtonKind::danger})) g.dialog = true;
      if (ui.button({.name = "Quiet", .kind = ButtonKind::quiet})) ++g.presses;
      if (ui.button({.name = "Small", .small = true})) ++g.presses;
      if (ui.button({.name = "Saving", .kind = ButtonKind::primary, .busy = true})) ++g.presses;
    });
    if (ui.button({.name = "Save nothing",
                   .kind = ButtonKind::primary,
                   .disabled = true,
                   .reason = "Map at least one customer first."})) {
      ++g.presses;
    }
    if (ui.checkbox({.name = "Show inactive", .checked = g.inactive})) g.inactive = !g.inactive;
    if (auto now = ui.segmented({.name = "Filter", .options = g.filters, .selected = g.filter})) {
      g.filter = *now;
    }
  });
  ui.card({.name = "Progress", .role = CardRole::region}, [&] {
    ui.heading(2, "Import");
    ui.progress({.name = "Customers", .value = 412, .max = 1200, .text = "412 of 1,200"});
    ui.progress({.name = "Suppliers",
                 .value = 300,
                 .max = 300,
                 .text = "300 of 300",
                 .tone = Tone::success});
    ui.progress({.name = "Accounts", .value = 0, .max = 80, .text = "waiting"});
    ui.definition("Company", "Sandbox Företag 株式会社");
    ui.definition("Connected since", "3 May 2019");
  });
}

void fields(Ui& ui) {
  Gallery& g = model();
  ui.card({.name = "Fields", .role = CardRole::region}, [&] {
    ui.heading(2, "Fields");
    ui.row({.gap = 16, .align = Align::start}, [&] {
      (void)ui.text_field({.name = "Display name", .hint = "As it stands on invoices."}, g.name);
      if (auto term = ui.combobox({.name = "Payment term",
                                   .options = g.terms,
                                   .value = g.term,
                                   .placeholder = "Choose a term",
                                   .editable = false})) {
        g.term = *term;
      }
    });
    (void)ui.text_field({.name = "Search customers",
                         .kind = FieldKind::search,
                         .show_name = false,
                         .placeholder = "Search customers"},
                        g.search);
    if (!g.search.empty()) ui.text("Searching for " + g.search, {.key = "searching"});
  });
}

void mapping(Ui& ui) {
  Gallery& g = model();
  ui.card({.name = "Customers", .role = CardRole::region}, [&] {
    ui.heading(2, "Customers");
    ui.table({.name = "Customer mappings", .columns = g.columns}, [&] {
      for (int i = 0; i < kRows; ++i) {
        const auto row = static_cast<std::size_t>(i);
        const Option& customer = g.options[row * 37];
        ui.table_row(customer.value, [&] {
          ui.cell(customer.label);
          ui.cell([&] {
            const bool done = !g.mapped[row].empty();
            ui.chip({.text = done ? "Mapped" : "Not mapped",
                     .tone = done ? Tone::success : Tone::muted});
          });
          ui.cell([&] {
            if (auto value = ui.combobox({.name = customer.label,
                                          .options = g.options,
                                          .value = g.mapped[row],
                                          .suggested = g.suggested,
                                          .none_label = "Not mapped",
                                          .show_name = false})) {
              g.mapped[row] = *value;
            }
          });
        });
      }
    });
    if (auto page = ui.pager({.name = "Pages of customers", .page = g.page, .pages = 48})) {
      g.page = *page;
    }
    if (ui.disclosure("History", g.history)) {
      ui.list({.name = "History of changes"}, [&] {
        for (const char* entry : {"Connected", "Imported", "Saved"}) {
          ui.list_item(entry, [&] { ui.text(entry); });
        }
      });
    }
    if (ui.button(
            {.name = "Save Configuration", .kind = ButtonKind::primary, .icon = Icon::save})) {
      ui.announce("The configuration is saved");
    }
  });
}

/// What a server would find: three names, and one choice that is always there.
void look_up(Gallery& g) {
  g.found.clear();
  for (const Option& each : g.options)
    if (g.found.size() < 3 && each.label.find(g.lookup.typed) != std::string::npos)
      g.found.push_back(each);
  g.found.push_back({"-", "No counterpart"});
}

void lookup(Ui& ui) {
  Gallery& g = model();
  const bool loading = g.lookup.typed == "slow";
  const std::string results = std::to_string(g.found.size() - 1) + " found";
  const auto chosen = ui.combobox({.name = "Looked up elsewhere",
                                   .options = g.found,
                                   .value = g.looked_up,
                                   .proposed = true,
                                   .looked_up = true,
                                   .value_label = "Dunes " + g.looked_up,
                                   .loading = loading,
                                   .note = loading ? "Searching…" : "",
                                   .results = results},
                                  g.lookup);
  if (chosen) {
    g.looked_up = *chosen;
    ++g.presses;
  }
  look_up(g);
}

void parts(Ui& ui) {
  Gallery& g = model();
  static constexpr std::array names{"Accounts", "Tax codes", "Suppliers"};
  const std::vector<Share> shares{{1100, Tone::success, "1,100 chosen"},
                                  {61, Tone::info, "61 suggested"},
                                  {43, Tone::warning, "43 to decide"}};
  const std::vector<double> pace{120, 180, 240, 0, 0, 60, 300, 310, 280, 305};
  const std::vector<std::string> pills{"All 1,204", "To decide 43", "Proposed 61", "Changed 2"};
  ui.row(
      {.gap = 20, .align = ui.narrow() ? Align::start : Align::stretch, .wrap = ui.narrow()}, [&] {
        ui.column({.grow = ui.narrow() ? 1.f : 0.f, .min_width = 220, .sticky = !ui.narrow()}, [&] {
          ui.nav("Lists", [&] {
            for (std::size_t i = 0; i < names.size(); ++i) {
              const bool waits = i == 1;
              if (ui.nav_item({.name = names[i],
                               .detail = "12 of 14 decided",
                               .badge = waits ? "2" : "",
                               .done = !waits,
                               .selected = g.part == i,
                               .description = "12 of 14 decided"}))
                g.part = i;
            }
          });
        });
        ui.card({.name = "Parts", .role = CardRole::region, .min_width = 260}, [&] {
          ui.heading(2, names[g.part]);
          ui.shares({.name = "All lists", .parts = shares});
          ui.sparkline({.name = "Pace of the import", .values = pace});
          if (auto now = ui.segmented(
                  {.name = "Show", .options = pills, .selected = g.pill, .pills = true}))
            g.pill = *now;
          lookup(ui);
          if (ui.button({.name = "Accept all"})) {
            g.toast = true;
            ++g.toasts;
          }
          ui.space(400);
        });
      });
}

void footer(Ui& ui) {
  ui.footer("Keeping", [&] {
    ui.row({}, [&] {
      ui.text("Everything is kept.", {.tone = Tone::muted, .grow = 1});
      if (ui.button({.name = "Undo", .icon = Icon::undo_2, .small = true})) ++model().presses;
    });
  });
}

void over(Ui& ui) {
  Gallery& g = model();
  if (g.toast) {
    const auto end = ui.toast({.text = "61 suggestions were accepted",
                               .action = "Take back",
                               .turn = g.toasts,
                               .seconds = 6});
    if (end == ToastEnd::acted) ++g.presses;
    if (end != ToastEnd::none) g.toast = false;
  }
  ui.tray({.name = "Notifications"}, g.tray, [&] {
    ui.progress({.name = "Items", .value = 20, .max = 90, .text = "20 of 90"});
    ui.divider();
    ui.list({.name = "Earlier"}, [&] {
      for (const char* entry : {"Import finished", "Company changed", "Signed in"}) {
        ui.list_item(entry, [&] {
          ui.row({.wrap = false}, [&] {
            ui.icon(Icon::circle_check, Tone::success);
            ui.text(entry);
          });
          ui.text("3 May 2026, 14:05", {.size = TextSize::small, .tone = Tone::muted});
        });
      }
    });
  });
  ui.dialog({.name = "Disconnect from QuickBooks Online?",
             .text = "What you configured is kept. Nothing is transferred until you connect again.",
             .tone = Tone::warning},
            g.dialog, [&] {
              ui.row({}, [&] {
                if (ui.button({.name = "Keep the connection"})) g.dialog = false;
                if (ui.button({.name = "Disconnect now", .kind = ButtonKind::danger})) {
                  g.dialog = g.connected = false;
                  ui.announce("You are disconnected");
                }
              });
            });
}

}  // namespace

void frame(Ui& ui) {
  Gallery& g = model();
  bar(ui);
  ui.main("Gallery of widgets", [&] {
    ui.column({.gap = 4}, [&] {
      ui.heading(1, "Integration store");
      ui.text("Connect the programs you work with.", {.tone = Tone::muted});
    });
    ui.stepper("Steps", g.steps);
    if (g.banner && ui.banner({.tone = Tone::info,
                               .title = "Your settings are being imported",
                               .text = "You can go on working; this takes about two minutes.",
                               .dismissable = true})) {
      g.banner = false;
    }
    (void)ui.banner(
        {.tone = Tone::success, .text = "The configuration is saved.", .announce = false});
    (void)ui.banner({.tone = Tone::danger,
                     .title = "Intuit did not answer",
                     .text = "Nothing was changed. Try again in a few minutes.",
                     .announce = false},
                    [&] {
                      if (ui.button({.name = "Try again", .small = true})) ++g.presses;
                    });
    (void)ui.banner({.tone = Tone::warning,
                     .text = "Upgrade before 15 January, or transfers stop.",
                     .announce = false});
    tiles(ui);
    states(ui);
    fields(ui);
    mapping(ui);
    parts(ui);
  });
  footer(ui);
  over(ui);
}

}  // namespace rekey::web::view

// The contrast of everything that is read against what it stands on, as JSON, for a test.
extern "C" EMSCRIPTEN_KEEPALIVE const char* gallery_contrasts(int dark) {
  using namespace rekey::web;
  static std::string json;
  const Palette& p = palette_of(dark != 0);
  json = "{";
  auto pair = [&](const std::string& name, Rgb ink, Rgb ground) {
    if (json.size() > 1) json += ",";
    json += "\"" + name + "\":" + std::to_string(contrast(ink, ground));
  };
  for (const auto& [ground_name, ground] :
       {std::pair{"page", p.page}, std::pair{"surface", p.surface}, std::pair{"sunken", p.sunken},
        std::pair{"hover", p.hover}, std::pair{"track", p.track}}) {
    const std::string on = std::string(" on ") + ground_name;
    pair("text ink" + on, p.ink, ground);
    pair("text muted" + on, p.muted, ground);
    pair("shape ring" + on, p.ring, ground);
  }
  pair("shape control on surface", p.control, p.surface);
  pair("shape control on page", p.control, p.page);
  for (const Tone tone : {Tone::accent, Tone::info, Tone::success, Tone::warning, Tone::danger}) {
    const ToneColours& c = p.tone(tone);
    const std::string name = "tone " + std::to_string(static_cast<int>(tone));
    pair("text " + name + " on soft", c.ink, c.soft);
    pair("text " + name + " on surface", c.ink, p.surface);
    pair("text " + name + " on page", c.ink, p.page);
    pair("text ink on soft of " + name, p.ink, c.soft);
    pair("text muted on soft of " + name, p.muted, c.soft);
    pair("text " + name + " on solid", c.on_solid, c.solid);
    pair("shape " + name + " on track", c.solid, p.track);
  }
  json += "}";
  return json.c_str();
}
