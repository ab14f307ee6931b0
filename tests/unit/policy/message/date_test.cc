#include "policy/message/date.h"

#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace postern {
namespace {

using testing::HasSubstr;

// Seconds since 1970, or the fault.
std::string Read(std::string_view value) {
  const Result<TimePoint> time = ParseDate(value);
  if (!time) return time.error().message;
  return std::to_string(std::chrono::floor<std::chrono::seconds>(*time)
                            .time_since_epoch()
                            .count());
}

TEST(ParseDate, ReadsAllZones) {
  const std::pair<const char*, const char*> cases[] = {
      {" Sat, 21 Nov 2026 19:54:00 +0000", "1795290840"},
      {"Sat, 21 Nov 2026 20:54:00 +0100", "1795290840"},
      {"21 Nov 2026 14:24:00 -0530", "1795290840"},
      {"Sat, 21 Nov 2026 19:54 UT", "1795290840"},
      {"sat , 21 nov 26 14:54:00 EST", "1795290840"},
      {"Sat, 21 Nov 2026 12:54:00 PDT", "1795290840"},
      {"Sat, 21 Nov 2026 19:54:00 Z", "1795290840"},
      {"Sat, 21 Nov 2026 19:54:00 A (military)", "1795290840"},
      {"Sat,\r\n 21 (c (d) \\)) Nov\n 2026 19 : 54 : 00 GMT", "1795290840"},
      {"Thu, 1 Jan 1970 00:00:00 +0000", "0"},
      {"1 Jan 99 00:00:00 +0000", "915148800"},
      {"1 Jan 100 00:00:00 +0000", "946684800"},
      {"Sat, 31 Dec 2016 23:59:60 +0000", "1483228800"},
      {"29 Feb 2024 00:00:00 -0000", "1709164800"},
  };
  for (const auto& [value, expected] : cases)
    EXPECT_EQ(Read(value), expected) << value;
}

TEST(ParseDate, SaysWhatIsWrong) {
  const std::string too_long(2000, ' ');
  const std::pair<std::string_view, const char*> cases[] = {
      {"", "empty"},
      {" ", "empty"},
      {"Sat, 21 Nov 2026 19:54:00 +200", "bad zone \"+200\""},
      {"Sat, 21 Nov 2026 19:54:00 + 0200", "bad zone"},
      {"Sat, 21 Nov 2026 19:54:00 +02:00", "bad zone"},
      {"Sat, 21 Nov 2026 19:54:00 +0060", "bad zone"},
      {"Sat, 21 Nov 2026 19:54:00 CEST", "bad zone \"CEST\""},
      {"Sat, 21 Nov 2026 19:54:00 J", "bad zone"},
      {"Sat, 21 Nov 2026 19:54:00", "no zone"},
      {"Sat, 21 Nov 2026 24:00:00 +0000", "hour 24"},
      {"Sat, 21 Nov 2026 19:60:00 +0000", "minute 60"},
      {"Sat, 21 Nov 2026 19:54:61 +0000", "second 61"},
      {"Sat, 21 Nov 2026 9:54:00 +0000", "no time"},
      {"Sat, 21 Nov 2026 +0000", "no time"},
      {"Sun, 21 Nov 2026 19:54:00 +0000", "that day is a Sat"},
      {"Sam, 21 Nov 2026 19:54:00 +0000", "unknown weekday"},
      {"Sat 21 Nov 2026 19:54:00 +0000", "no ','"},
      {"31 Nov 2026 19:54:00 +0000", "range"},
      {"0 Nov 2026 19:54:00 +0000", "range"},
      {"29 Feb 2026 00:00:00 +0000", "range"},
      {"21 11 2026 19:54:00 +0000", "no month"},
      {"21 Nov 1899 19:54:00 +0000", "before 1900"},
      {"1 Jan 700 00:00:00 Z", "year after 2261"},
      {"31 Dec 9999 00:00:00 +0000", "year after 2261"},
      {"21 Nov 12026 19:54:00 +0000", "no year"},
      {"2026-11-21T19:54:00Z", "no day"},
      {"Sat, 21 Nov 2026 19:54:00 +0000 x", "after the zone"},
      {"Sat, 21 Nov 2026 19:54:00 +0000 (", "unclosed comment"},
      {"Sat, 21 N\xc3\xb6v 2026 19:54:00 +0000", "US-ASCII"},
      {std::string_view("21 Nov 2026 19:54:00 \0", 22), "US-ASCII"},
      {too_long, "longer than"},
  };
  for (const auto& [value, expected] : cases)
    EXPECT_THAT(Read(value), HasSubstr(expected)) << value;
}

TEST(FormatDate, RoundTrips) {
  for (const char* text :
       {"Sat, 21 Nov 2026 19:54:00 +0000", "Thu, 01 Jan 1970 00:00:00 +0000",
        "Wed, 31 Dec 1969 23:59:59 +0000"})
    EXPECT_EQ(FormatDate(*ParseDate(text)), text);
}

}  // namespace
}  // namespace postern
