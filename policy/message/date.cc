// A reader of RFC 5322 s.3.3 and s.4.3. Comments and folds are taken wherever
// the grammar has CFWS; faults are told in words.

#include "policy/message/date.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "policy/base/text.h"

namespace postern {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::size_t kMaxOctets = 1000;
constexpr int kLastYear = 2261;  // what 64 bits of nanoseconds hold
constexpr std::array<std::string_view, 7> kWeekdays = {
    "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 12> kMonths = {
    "Jan", "Feb", "Mar", "Apr", "May", "Jun",
    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::pair<std::string_view, int>, 10> kZones = {{
    {"UT", 0},
    {"GMT", 0},
    {"EST", -5},
    {"EDT", -4},
    {"CST", -6},
    {"CDT", -5},
    {"MST", -7},
    {"MDT", -6},
    {"PST", -8},
    {"PDT", -7},
}};

std::string Shown(std::string_view text) {
  return "\"" + EscapeForLog(text, 40) + "\"";
}

// White space, folds and comments become one space; nullopt: unclosed comment.
std::optional<std::string> WithoutCfws(std::string_view text) {
  std::string plain;
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool is_space = IsBlank(c) || c == '\r' || c == '\n';
    if (depth > 0 && c == '\\') ++i;
    if (c == '(') ++depth;
    if (depth == 0 && !is_space) plain += c;
    if (depth > 0 || is_space)
      if (!plain.empty() && plain.back() != ' ') plain += ' ';
    if (c == ')' && depth > 0) --depth;
  }
  if (depth > 0) return std::nullopt;
  return plain;
}

class DateReader {
 public:
  explicit DateReader(std::string_view text) : text_(text) {}

  Result<TimePoint> Read() {
    const std::string_view weekday = Letters();
    if (!weekday.empty() && !Take(',')) return Fail("no ',' after the weekday");
    const int day = Number(1, 2);
    if (day < 0) return Fail("no day of the month");
    const auto month = IndexOf(kMonths, Letters());
    if (!month) return Fail("no month name");
    const int year = Year();
    if (year < 0) return Fail("no year of two or four digits");
    // RFC 5322 s.3.3: the year is any numeric year 1900 or later.
    if (year < 1900) return Fail("year before 1900");
    if (year > kLastYear) return Fail(fmt::format("year after {}", kLastYear));
    const std::chrono::year_month_day date{
        std::chrono::year(year),
        std::chrono::month(static_cast<unsigned>(*month + 1)),
        std::chrono::day(static_cast<unsigned>(day))};
    if (!date.ok()) return Fail("day out of the month's range");
    if (std::string fault = WeekdayFault(weekday, date); !fault.empty())
      return Fail(std::move(fault));
    const Result<seconds> time = TimeOfDay();
    if (!time) return std::unexpected(time.error());
    const Result<minutes> zone = Zone();
    if (!zone) return std::unexpected(zone.error());
    if (SkipSpace(); at_ < text_.size())
      return Fail("text after the zone: " + Shown(text_.substr(at_)));
    return TimePoint(std::chrono::sys_days(date) + *time - *zone);
  }

 private:
  void SkipSpace() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }

  bool Take(char c) {
    SkipSpace();
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  template <typename Predicate>
  std::string_view While(Predicate is_wanted) {
    SkipSpace();
    const std::size_t begin = at_;
    while (at_ < text_.size() && is_wanted(text_[at_])) ++at_;
    return text_.substr(begin, at_ - begin);
  }
  std::string_view Letters() { return While(IsAlpha); }
  std::string_view Digits() { return While(IsDigit); }

  static int ValueOf(std::string_view digits) {
    int value = 0;
    for (const char c : digits) value = 10 * value + (c - '0');
    return value;
  }

  // -1: not a number of so many digits.
  int Number(std::size_t least, std::size_t most) {
    const std::string_view digits = Digits();
    if (digits.size() < least || digits.size() > most) return -1;
    return ValueOf(digits);
  }

  // RFC 5322 s.4.3: 00-49 is 2000-2049, 50-99 and three digits add 1900.
  int Year() {
    const std::string_view digits = Digits();
    if (digits.size() < 2 || digits.size() > 4) return -1;
    const int value = ValueOf(digits);
    if (digits.size() == 4) return value;
    return value + (digits.size() == 2 && value < 50 ? 2000 : 1900);
  }

  template <std::size_t N>
  static std::optional<int> IndexOf(
      const std::array<std::string_view, N>& names, std::string_view name) {
    for (std::size_t i = 0; i < N; ++i)
      if (EqualsIgnoreCase(names[i], name)) return static_cast<int>(i);
    return std::nullopt;
  }

  static std::string WeekdayFault(std::string_view name,
                                  const std::chrono::year_month_day& date) {
    if (name.empty()) return "";
    const auto weekday = IndexOf(kWeekdays, name);
    if (!weekday) return "unknown weekday " + Shown(name);
    const std::chrono::weekday real{std::chrono::sys_days(date)};
    if (static_cast<unsigned>(*weekday) == real.c_encoding()) return "";
    return fmt::format("weekday {}, but that day is a {}", name,
                       kWeekdays[real.c_encoding()]);
  }

  Result<seconds> TimeOfDay() {
    const int hour = Number(2, 2);
    if (hour < 0 || !Take(':')) return Fail("no time of day");
    const int minute = Number(2, 2);
    if (minute < 0) return Fail("no minutes of two digits");
    const bool has_second = Take(':');
    const int second = has_second ? Number(2, 2) : 0;
    if (second < 0) return Fail("no seconds of two digits");
    if (hour > 23) return Fail(fmt::format("hour {}", hour));
    if (minute > 59) return Fail(fmt::format("minute {}", minute));
    if (second > 60) return Fail(fmt::format("second {}", second));
    return hours(hour) + minutes(minute) + seconds(second);
  }

  Result<minutes> Zone() {
    const bool is_west = Take('-');
    if (is_west || Take('+')) {
      const std::size_t begin = at_;
      const std::string_view digits =
          begin < text_.size() && text_[begin] != ' ' ? Digits() : "";
      const bool is_zone = digits.size() == 4 && ValueOf(digits) % 100 < 60;
      if (!is_zone)
        return Fail(fmt::format("bad zone {}", Shown(text_.substr(begin - 1))));
      const minutes offset =
          hours(ValueOf(digits) / 100) + minutes(ValueOf(digits) % 100);
      return is_west ? -offset : offset;
    }
    const std::string_view name = Letters();
    for (const auto& [zone, offset] : kZones)
      if (EqualsIgnoreCase(zone, name)) return hours(offset);
    // RFC 5322 s.4.3: military zones mean nothing, as "-0000"; "J" is none.
    if (name.size() == 1 && ToLower(name[0]) != 'j') return minutes(0);
    if (name.empty() && at_ == text_.size()) return Fail("no zone");
    return Fail("bad zone " + Shown(text_.substr(at_ - name.size())));
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

Result<TimePoint> ParseDate(std::string_view value) {
  if (value.size() > kMaxOctets)
    return Fail(fmt::format("longer than {} octets", kMaxOctets));
  const bool is_ascii = std::all_of(value.begin(), value.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x7f && c != '\0';
  });
  if (!is_ascii) return Fail("octets that are not US-ASCII text");
  const std::optional<std::string> plain = WithoutCfws(value);
  if (!plain) return Fail("unclosed comment");
  if (plain->empty()) return Fail("empty");
  return DateReader(*plain).Read();
}

std::string FormatDate(TimePoint time) {
  const auto day = std::chrono::floor<days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<seconds>(time - day));
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} +0000",
                     kWeekdays[std::chrono::weekday(day).c_encoding()],
                     static_cast<unsigned>(date.day()),
                     kMonths[static_cast<unsigned>(date.month()) - 1],
                     static_cast<int>(date.year()), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count());
}

}  // namespace postern
