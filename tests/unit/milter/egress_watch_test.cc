#include "milter/egress_watch.h"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <mutex>
#include <string>

#include "policy/facts/scripted_dns.h"

namespace postern {
namespace {

std::shared_ptr<const Rulebook> RulebookFor(const std::string& address) {
  auto rulebook = std::make_shared<Rulebook>();
  rulebook->config.egress = {{.name = "main",
                              .addresses = {*IpAddress::Parse(address)},
                              .helo_name = "mail.example.org"}};
  return rulebook;
}

// Waits until the snapshot holds a survey of this address.
std::shared_ptr<const EgressHealth> Surveyed(
    const Snapshot<EgressSurvey>& snapshot, const std::string& address) {
  const Deadline deadline = In(std::chrono::milliseconds(20'000));
  while (std::chrono::steady_clock::now() < deadline) {
    const auto survey = snapshot.Get();  // outlives the loop over its ways
    for (const auto& way : survey->ways)
      if (way->address.ToString() == address) return way;
    std::this_thread::yield();
  }
  return nullptr;
}

TEST(EgressWatch, SurveysAtStartAndWhenWoken) {
  const auto dns = ScriptedDns::Parse(
      "10.2.0.192.in-addr.arpa PTR mail.example.org\n"
      "mail.example.org A 192.0.2.10\n",
      "zone");
  ASSERT_TRUE(dns.has_value());
  Snapshot<Rulebook> rulebook(RulebookFor("192.0.2.10"));
  Snapshot<EgressSurvey> survey(std::make_shared<const EgressSurvey>());
  EgressWatch watch(&rulebook, dns->get(), &survey);
  const auto first = Surveyed(survey, "192.0.2.10");
  ASSERT_NE(first, nullptr);
  EXPECT_EQ(FaultsOf(*first), "");
  rulebook.Set(RulebookFor("192.0.2.11"));
  watch.Wake();
  const auto second = Surveyed(survey, "192.0.2.11");
  ASSERT_NE(second, nullptr);
  EXPECT_EQ(FaultsOf(*second), "no PTR record");
}

TEST(FaultsOf, NamesEachFaultAndWhatIsNotKnown) {
  EgressHealth way{.route = "main",
                   .address = *IpAddress::Parse("192.0.2.10"),
                   .helo_name = "mail.example.org",
                   .helo_status = DnsStatus::kNxDomain};
  way.address_lists = {{.zone = "bl.example",
                        .subject = "192.0.2.10",
                        .status = ListStatus::kAnswers,
                        .listed = "127.0.0.2 SBL",
                        .dynamic_range = "127.0.0.10 PBL"},
                       {.zone = "b.example",
                        .status = ListStatus::kUnknown,
                        .reason = "DNS did not answer"}};
  EXPECT_EQ(FaultsOf(way),
            "PTR not known; EHLO name mail.example.org has no address; "
            "192.0.2.10 listed by bl.example (127.0.0.2 SBL, 127.0.0.10 PBL); "
            "b.example not known: DNS did not answer");
}

}  // namespace
}  // namespace postern
