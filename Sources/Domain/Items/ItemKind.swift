/// What a locator denotes on its provider.
///
/// The field's own division: an account or channel outlives its posts, an archive copy names
/// another item, a link list points at many.
public enum ItemKind: String, Sendable, Hashable, CaseIterable {
  case account
  case channel
  case group
  case post
  case video
  case image
  case audio
  case document
  case file
  case archiveCopy = "archive_copy"
  case linkList = "link_list"
  case site
  /// A page that no pack could tell more about.
  case page
}
