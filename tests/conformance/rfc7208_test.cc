// The openspf.org test suite for RFC 7208: every case, result and explanation.
//
// The suite is not part of the source: it is looked for in
// $POSTERN_SHARED_DATA, else in shared/data beside the source, and the test is
// skipped where it is not. Scenarios become zone lines, so that ScriptedDns is
// tried as well.
#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "policy/base/text.h"
#include "policy/facts/scripted_dns.h"
#include "policy/facts/spf.h"

namespace postern {
namespace {

std::filesystem::path SuiteFile() {
  const char* folder = std::getenv("POSTERN_SHARED_DATA");
  const std::filesystem::path data =
      folder != nullptr
          ? std::filesystem::path(folder)
          : std::filesystem::path(POSTERN_SOURCE_DIR) / "../shared/data";
  return data / "rfc7208-tests.yml";
}

// YAML's "\x96" is a code point; DNS and SMTP carry the octet.
std::string Octets(const std::string& utf8) {
  std::string octets;
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    const auto lead = static_cast<unsigned char>(utf8[i]);
    const bool is_latin = (lead & 0xfc) == 0xc0 && i + 1 < utf8.size();
    octets +=
        is_latin ? static_cast<char>(lead << 6 | (utf8[++i] & 0x3f)) : utf8[i];
  }
  return octets;
}

std::string Text(const YAML::Node& node) {
  return node.IsNull() ? "" : Octets(node.as<std::string>());
}

std::string Quoted(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text)
    quoted += fmt::format("\\{:03}", static_cast<unsigned char>(c));
  return quoted + "\"";
}

std::string TxtLine(const std::string& name, const YAML::Node& value) {
  std::string line = name + " TXT";
  if (value.IsSequence() && value.size() > 0) {
    for (const auto& part : value) line += " " + Quoted(Text(part));
  } else {
    line += " " + Quoted(value.IsScalar() ? Text(value) : "");
  }
  return line + "\n";
}

bool HasTxt(const YAML::Node& records) {
  for (const auto& record : records)
    if (record.IsMap() && record["TXT"]) return true;
  return false;
}

std::string RecordLine(const std::string& name, const std::string& type,
                       const YAML::Node& value) {
  if (type == "TXT" || type == "SPF") {
    if (value.IsScalar() && Text(value) == "NONE") return "";
    return TxtLine(name, value);
  }
  if (type == "MX")
    return fmt::format("{} MX {} {}\n", name, Text(value[0]),
                       Text(value[1]).empty() ? "." : Text(value[1]));
  return fmt::format("{} {} {}\n", name, type, Text(value));
}

// An SPF record (type 99) stands for a TXT, unless the name has a TXT entry.
std::string ZoneLines(const YAML::Node& zone) {
  std::string lines;
  for (const auto& entry : zone) {
    const std::string name = Quoted(Text(entry.first));
    for (const auto& record : entry.second) {
      if (record.IsScalar()) {
        lines += name + " TEMPERROR\n";
        continue;
      }
      for (const auto& field : record) {
        const std::string type = Text(field.first);
        if (type == "SPF" && HasTxt(entry.second)) continue;
        lines += RecordLine(name, type, field.second);
      }
    }
  }
  return lines;
}

std::vector<std::string> Results(const YAML::Node& node) {
  if (node.IsScalar()) return {Text(node)};
  std::vector<std::string> results;
  for (const auto& result : node) results.push_back(Text(result));
  return results;
}

void Judge(const YAML::Node& expected, Dns& dns) {
  const SpfQuery query{
      .address = *IpAddress::Parse(Text(expected["host"])),
      .mail_from = expected["mailfrom"] ? Text(expected["mailfrom"]) : "",
      .helo_name = Text(expected["helo"]),
      .receiver_name = "receiver.example",
  };
  const SpfAnswer answer =
      EvaluateSpf(query, dns, In(std::chrono::seconds(20)));
  const std::vector<std::string> results = Results(expected["result"]);
  EXPECT_NE(std::find(results.begin(), results.end(), ToString(answer.result)),
            results.end())
      << "got " << ToString(answer.result) << ", want " << Join(results, " or ")
      << "; " << answer.reason;
  EXPECT_FALSE(answer.reason.empty());
  if (!expected["explanation"]) return;
  std::string explanation = Text(expected["explanation"]);
  if (explanation == "DEFAULT") explanation = kDefaultSpfExplanation;
  EXPECT_EQ(answer.explanation, explanation);
}

TEST(Rfc7208Suite, PassesEveryCase) {
  const std::filesystem::path file = SuiteFile();
  if (!std::filesystem::exists(file))
    GTEST_SKIP() << "\n*** THE RFC 7208 SUITE WAS NOT RUN: no " << file
                 << "; set POSTERN_SHARED_DATA to its folder ***";
  int cases = 0;
  for (const YAML::Node& scenario : YAML::LoadAllFromFile(file)) {
    const std::string zone = ZoneLines(scenario["zonedata"]);
    const auto dns = ScriptedDns::Parse(zone, "zonedata");
    ASSERT_TRUE(dns) << Text(scenario["description"]) << ": "
                     << dns.error().message;
    for (const auto& expected : scenario["tests"]) {
      SCOPED_TRACE(Text(expected.first));
      Judge(expected.second, **dns);
      ++cases;
    }
  }
  EXPECT_EQ(cases, 203);
  RecordProperty("cases", cases);
}

}  // namespace
}  // namespace postern
