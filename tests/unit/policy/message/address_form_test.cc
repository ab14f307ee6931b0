#include "policy/message/address_form.h"

#include <gtest/gtest.h>

#include <vector>

namespace postern {
namespace {

struct Row {
  std::string_view value, written;  // written empty: nullopt
};

std::string Written(std::string_view value, const LocalPartHome& home = {}) {
  return WriteAddressList(value, home).value_or("none");
}

TEST(WriteAddressList, LeavesTheOneForm) {
  for (const std::string_view value :
       {"a@x.example", "<a@x.example>", "a@x.example, B <b@y.example>",
        "\"Doe, John\" <j@x.example>", "a@x.example (A (the) B)",
        "B (the Builder) <b@x.example>", "B <b@x.example> (work)",
        "\"B  B\"<b@x.example>", "undisclosed-recipients:;",
        "F: a@x.example, B <b@y.example>;, c@z.example",
        "=?utf-8?Q?J=C3=BCrgen?= <j@x.example>", "\"b b\"@x.example",
        "b@[192.0.2.1]", "\"B \\\"C\\\" D\" <b@x.example>", "b+c=d@x.example",
        "R+D / S & Co <b@x.example>"})
    EXPECT_EQ(Written(value), value);
}

TEST(WriteAddressList, WritesOtherFormsAnew) {
  constexpr Row kRows[] = {
      {"a@x,b@y", "a@x, b@y"},
      {"a@x , b@y", "a@x, b@y"},
      {",a@x,,b@y,", "a@x, b@y"},
      {"<@r,@s:a@x>", "<a@x>"},
      {"Bob <@r:a@x>", "Bob <a@x>"},
      {"Bob < b@x >", "Bob <b@x>"},
      {"b @ x . example", "b@x.example"},
      {"b@x(Bob)", "b@x (Bob)"},
      {"b@x.example.", "b@x.example"},
      {"F:a@x,b@y;", "F: a@x, b@y;"},
      {"John Q. Doe <j@x>", "\"John Q. Doe\" <j@x>"},
      {"Pat O'Brien <p@x>", "\"Pat O'Brien\" <p@x>"},
      {"\"John\" Q. Doe <j@x>", "\"John\" \"Q.\" Doe <j@x>"},
      {"=?utf-8?Q?J=C3=BC?= K. <j@x>", "=?utf-8?Q?J=C3=BC?= \"K.\" <j@x>"},
      {"=?utf-8?q?Dr._J=C3=BC'?= <j@x>", "=?utf-8?q?Dr=2E_J=C3=BC=27?= <j@x>"},
  };
  for (const Row& row : kRows) EXPECT_EQ(Written(row.value), row.written);
}

TEST(WriteAddressList, MendsWhereOneReadingMakesSense) {
  constexpr Row kRows[] = {
      {"a@x; b@y;", "a@x, b@y"},
      {"Doe, John <j@x>", "\"Doe, John\" <j@x>"},
      {"b@x <b@x>", "\"b@x\" <b@x>"},
      {"Sales [EU] <s@x>", "\"Sales [EU]\" <s@x>"},
      {"Bob <b@x", "Bob <b@x>"},
  };
  for (const Row& row : kRows) EXPECT_EQ(Written(row.value), row.written);
}

TEST(WriteAddressList, LeavesAloneWhatNobodyCanRead) {
  for (const std::string_view value :
       {"\"Bob <b@x>", "Bob (the <b@x>", "a@x <b@y> <c@z>", "Bob <>", "F: a@x",
        "F: G: a@x;;", "(c) a@x", "a@(c)x", "@x", "a b c", "a@x b@y",
        "Bob <b@x> junk", "a\nb@x"})
    EXPECT_EQ(Written(value), "none") << value;
}

TEST(WriteAddressList, FindsTheHomeOfALocalPart) {
  EXPECT_EQ(Written("alice"), "none");
  EXPECT_EQ(Written("alice", {{}, "mx.example"}), "alice@mx.example");
  EXPECT_EQ(Written("A <alice>", {{}, "mx.example"}), "A <alice@mx.example>");
  const std::vector<ForwardPath> recipients = {{"Alice@post.example", {}}};
  EXPECT_EQ(Written("alice, b@x", {recipients, "mx.example"}),
            "Alice@post.example, b@x");
}

TEST(WriteAddressList, ANameCutByItsCommaIsNoRecipient) {
  const std::vector<ForwardPath> recipients = {{"doe@post.example", {}}};
  EXPECT_EQ(Written("Doe, John <j@x>", {recipients, ""}),
            "doe@post.example, John <j@x>");
  EXPECT_EQ(Written("Doe, John <j@x>", {{}, "mx.example"}),
            "\"Doe, John\" <j@x>");
  EXPECT_EQ(Written("alice, Bob <b@x>", {{}, "mx.example"}),
            "alice@mx.example, Bob <b@x>");
  EXPECT_EQ(Written("alice, Bob <b@x>"), "none");
}

TEST(WriteAddressList, IsBounded) {
  EXPECT_EQ(Written(std::string(200'000, 'a')), "none");
  EXPECT_EQ(Written(std::string(90'000, '(')), "none");
  EXPECT_EQ(Written(std::string(90'000, '<')), "none");
}

TEST(HomeOf, OnlySendmailNamesItself) {
  Message message;
  message.submission.mta_name = "mx.example";
  EXPECT_EQ(HomeOf(message).domain, "");
  message.submission.mta_kind = MtaKind::kSendmail;
  EXPECT_EQ(HomeOf(message).domain, "mx.example");
}

TEST(IsSameButBlanks, SeesWhatRelaxedCanonicalizationSees) {
  EXPECT_TRUE(IsSameButBlanks("a,  b\tc ", " a, b c"));
  EXPECT_FALSE(IsSameButBlanks("a, b", "a,b"));
  EXPECT_FALSE(IsSameButBlanks("a", "ab"));
  EXPECT_FALSE(IsSameButBlanks("a b", "a c"));
}

}  // namespace
}  // namespace postern
