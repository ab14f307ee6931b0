#include "policy/message/header.h"

#include <gtest/gtest.h>

namespace postern {
namespace {

Header Received() {
  Header header;
  header.Receive("Received", " one");
  header.Receive("Subject", " hello");
  header.Receive("RECEIVED", " two");
  header.Receive("received", " three");
  return header;
}

TEST(Header, CountsOriginsPerNameWithoutCase) {
  const Header header = Received();
  EXPECT_EQ(header.Count("reCEIVED"), 3u);
  EXPECT_EQ(header.Count("To"), 0u);
  EXPECT_EQ(header.FindAll("Received")[2]->origin, 3u);
  EXPECT_EQ(header.Find("subject")->origin, 1u);
  EXPECT_EQ(header.Find("To"), nullptr);
}

TEST(Header, KeepsOriginsWhenFieldsGoOrChange) {
  Header header = Received();
  header.RemoveNth("Received", 0);
  EXPECT_EQ(header.Find("Received")->origin, 2u);
  header.SetNth("Received", 1, "other");
  EXPECT_EQ(header.FindAll("Received")[1]->origin, 3u);
  EXPECT_EQ(header.FindAll("Received")[1]->value, " other");
  header.Receive("Received", " four");
  EXPECT_EQ(header.FindAll("Received")[2]->origin, 4u);
}

TEST(Header, IgnoresAnIndexThatIsNotThere) {
  Header header = Received();
  header.RemoveNth("Received", 3);
  header.SetNth("Subject", 1, "x");
  EXPECT_EQ(header.fields().size(), 4u);
  EXPECT_EQ(header.Find("Subject")->value, " hello");
}

TEST(Header, SetReplacesTheFirstOrAppends) {
  Header header = Received();
  header.Set("subject", "new");
  header.Set("To", "a@example.com");
  EXPECT_EQ(header.fields()[1].name, "Subject");
  EXPECT_EQ(header.fields()[1].value, " new");
  EXPECT_EQ(header.fields().back().value, " a@example.com");
  EXPECT_EQ(header.fields().back().origin, 0u);
}

TEST(Header, AddsAtBothEndsAndRemovesAll) {
  Header header = Received();
  header.Prepend("DKIM-Signature", "v=1");
  header.Append("X", "y");
  EXPECT_EQ(header.fields().front().value, " v=1");
  header.RemoveAll("received");
  EXPECT_EQ(header.fields().size(), 3u);
}

TEST(Header, CopiesChangeApartAndShareTheRest) {
  const Header received = Received();
  Header copy = received;
  copy.RemoveAll("X-Nobody");
  copy.Rewrite([](const HeaderField&) { return std::nullopt; });
  EXPECT_EQ(&copy.fields(), &received.fields());
  copy.KeepFirst("Received");
  copy.Set("Subject", "other");
  EXPECT_EQ(copy.Count("Received"), 1U);
  EXPECT_EQ(copy.Find("Subject")->value, " other");
  EXPECT_EQ(received.Count("Received"), 3U);
  EXPECT_EQ(received.Find("Subject")->value, " hello");
  const Header taken = std::move(copy);
  copy = {};
  copy.Append("A", "b");
  EXPECT_EQ(copy.fields().size(), 1U);
  EXPECT_EQ(taken.Count("Received"), 1U);
}

TEST(HeaderField, UnfoldsWithoutLosingInnerSpace) {
  EXPECT_EQ((HeaderField{"A", " x\n\t y \n z\t", 1}).Unfolded(), "x\t y  z");
  EXPECT_EQ((HeaderField{"A", " x\r\n y", 1}).Unfolded(), "x y");
  EXPECT_EQ((HeaderField{"A", " x\ry", 1}).Unfolded(), "x\ry");
  EXPECT_EQ((HeaderField{"A", "", 1}).Unfolded(), "");
}

TEST(Header, TakesAHundredThousandFieldsInLinearTime) {
  Header header;
  for (int i = 0; i < 100'000; ++i) header.Receive("X", " y");
  for (int i = 0; i < 100'000; ++i)
    header.Receive("X-" + std::to_string(i), " y");
  EXPECT_EQ(header.Find("x-99999")->origin, 1u);
  EXPECT_EQ(header.FindAll("x").back()->origin, 100'000u);
}

}  // namespace
}  // namespace postern
