// Sendmail: that mail passes through Postern, and that nothing changes what was
// signed afterwards.

#include <algorithm>
#include <map>
#include <optional>

#include <fmt/format.h>

#include "milter/desk/doctor.h"
#include "policy/base/text.h"
#include "policy/config/files.h"
#include "policy/config/values.h"

namespace postern {
namespace {

struct Filter {
  std::string name, socket, flags, times;
};

struct Patient {
  std::vector<std::string_view> lines;
  std::string file;
  Visit* visit = nullptr;

  void Say(const std::string& name, Health outcome, std::string detail,
           std::string fix) const {
    visit->Add({"sendmail", name, outcome, std::move(detail), std::move(fix)});
  }
  [[nodiscard]] std::string Option(std::string_view name) const {
    const std::string begin = fmt::format("O {}=", name);
    for (const std::string_view line : lines)
      if (StartsWithIgnoreCase(line, begin))
        return std::string(Trim(line.substr(begin.size())));
    return {};
  }
};

// "Xpostern, S=local:/run/x.sock, F=T, T=C:10s;S:30s;R:60s;E:4m"
std::vector<Filter> FiltersOf(const Patient& patient) {
  std::vector<Filter> filters;
  for (const std::string_view line : patient.lines) {
    if (!line.starts_with('X')) continue;
    Filter filter;
    for (const std::string_view part : Split(line.substr(1), ',')) {
      const std::string_view word = Trim(part);
      if (filter.name.empty()) filter.name = word;
      if (word.starts_with("S=")) filter.socket = word.substr(2);
      if (word.starts_with("F=")) filter.flags = word.substr(2);
      if (word.starts_with("T=")) filter.times = word.substr(2);
    }
    filters.push_back(std::move(filter));
  }
  return filters;
}

std::string Normal(const std::string& socket) {
  return socket.starts_with("local:") ? "unix:" + socket.substr(6) : socket;
}

std::string OurFilter(const Config& config) {
  std::string socket = config.milter.socket;
  if (socket.starts_with("unix:")) socket = "local:" + socket.substr(5);
  return fmt::format(
      "in sendmail.mc: INPUT_MAIL_FILTER(`postern', `S={}, F=T, "
      "T=C:10s;S:30s;R:60s;E:4m')",
      socket);
}

// The time behind "E:" of "C:10s;S:30s;R:60s;E:4m"; five minutes without.
std::chrono::milliseconds TimeOf(const Filter& filter, char which) {
  for (const std::string_view part : Split(filter.times, ';')) {
    if (part.size() < 3 || part[0] != which || part[1] != ':') continue;
    std::string text(part.substr(2));
    if (text.ends_with('m')) text += "in";
    if (const auto time = ParseDuration(text)) return *time;
  }
  return std::chrono::minutes(5);
}

void ExamineFilter(const Patient& patient, const Filter& filter) {
  if (!Contains(filter.flags, "T"))
    patient.Say("X" + filter.name, Health::kFail,
                "without F=T: mail leaves unjudged and unsigned while Postern "
                "does not answer, or is refused",
                OurFilter(patient.visit->config));
  const std::chrono::milliseconds deadline =
      patient.visit->config.milter.deadline;
  // E is a hard total: progress does not prolong it.
  if (TimeOf(filter, 'E') <= deadline)
    patient.Say("X" + filter.name, Health::kFail,
                fmt::format("E:{} is not above milter.deadline ({})",
                            FormatDuration(TimeOf(filter, 'E')),
                            FormatDuration(deadline)),
                OurFilter(patient.visit->config));
  std::vector<std::string> order;
  for (const std::string_view name :
       Split(patient.Option("InputMailFilters"), ','))
    order.emplace_back(Trim(name));
  const auto place = std::ranges::find(order, filter.name);
  if (place == order.end())
    return patient.Say("InputMailFilters", Health::kFail,
                       "does not name " + filter.name + ": mail passes by",
                       "use INPUT_MAIL_FILTER, not MAIL_FILTER, or add it to "
                       "confINPUT_MAIL_FILTERS");
  if (place + 1 != order.end())
    return patient.Say("InputMailFilters", Health::kFail,
                       order.back() +
                           " comes after Postern and may change "
                           "what was signed",
                       "name Postern last");
  patient.Say("InputMailFilters", Health::kOk, "names Postern last", "");
}

// MASQUERADE_AS is the macro M, genericstable the map "generics".
void ExamineRewriting(const Patient& patient) {
  for (const std::string_view line : patient.lines) {
    if (line.starts_with("DM") && line.size() > 2)
      patient.Say("MASQUERADE_AS", Health::kFail,
                  "rewrites addresses to " + std::string(line.substr(2)) +
                      " after signing: DKIM breaks",
                  "take MASQUERADE_AS out of sendmail.mc and let programs "
                  "send with the public domain");
    if (line.starts_with("Kgenerics"))
      patient.Say("genericstable", Health::kFail,
                  "rewrites addresses after signing: DKIM breaks",
                  "take FEATURE(`genericstable') out of sendmail.mc");
  }
}

// Without mailer flag 8 an 8-bit body is converted where the receiver lacks
// 8BITMIME.
void ExamineEightBit(const Patient& patient) {
  const Config& config = patient.visit->config;
  if (config.mode != Mode::kObserve || config.signing.domains.empty()) return;
  const bool is_passed =
      StartsWithIgnoreCase(patient.Option("EightBitMode"), "p");
  const bool has_flag =
      std::ranges::any_of(patient.lines, [](std::string_view line) {
        const std::size_t flags = line.find("F=");
        return line.starts_with("Mesmtp") && flags != std::string_view::npos &&
               Contains(line.substr(flags, line.find(',', flags) - flags), "8");
      });
  if (!is_passed || !has_flag)
    patient.Say("EightBitMode", Health::kWarn,
                "8-bit mail is converted after signing where the receiver "
                "lacks 8BITMIME; mode observe does not prevent it",
                "mode = \"mend\" in postern.toml; or in sendmail.mc: "
                "define(`confEIGHT_BIT_HANDLING', `pass') and "
                "MODIFY_MAILER_FLAGS(`SMTP', `+8')");
}

}  // namespace

void ExamineSendmail(const std::string& file, bool is_asked, Visit* visit) {
  const Result<std::string> text = ReadTextFile(file);
  if (!text) {
    visit->Add({"sendmail", file, is_asked ? Health::kFail : Health::kUnknown,
                text.error().message,
                "run the doctor on the mail server, with the path of "
                "sendmail.cf as --sendmail"});
    return;
  }
  const Patient patient{Split(*text, '\n'), file, visit};
  const std::vector<Filter> filters = FiltersOf(patient);
  const std::string ours = Normal(visit->config.milter.socket);
  const auto filter = std::ranges::find_if(
      filters, [&](const Filter& f) { return Normal(f.socket) == ours; });
  if (filter == filters.end())
    return patient.Say(file, is_asked ? Health::kFail : Health::kWarn,
                       "no mail filter has Postern's socket: mail passes by",
                       OurFilter(visit->config));
  ExamineFilter(patient, *filter);
  ExamineRewriting(patient);
  ExamineEightBit(patient);
}

}  // namespace postern
