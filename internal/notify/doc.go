// Package notify tells people what happened: in the inbox of the site, and by
// mail when the installation has a mail server.
//
// Who is told what is not decided here. A domain publishes rules (Rule): which
// fact, which people, which sentence, which page. Package site hands all rules
// to Module; a listener applies them behind the commit. A fact that is heard
// twice makes one message.
//
// A message holds a message key and a few short values, never a text somebody
// wrote; a mail holds less: that there is a message, of which sort, and the
// address of the inbox. The mail address is read at the moment of sending.
//
// A delivery is claimed before it is sent: its count of tries goes up and its
// next time moves away, and both are committed. A node that dies in between
// tries again later; the server may then get the mail a second time, with the
// same Message-ID. SMTP offers nothing better: between the server's "250" and
// our record of it a power cut can always fall, and a notice twice does less
// harm than none.
//
// Words: 消息 message, 收件箱 inbox, 未读 unread, 送达 delivery.
//
// What does not live here: sentences of a domain, and who holds which post.
package notify
