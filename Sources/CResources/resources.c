#include "CResources.h"

// #embed is C23; the compiler has it in older modes as well and would say so at each use.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char console_board_js[] = {
#embed "console/board.js"
};
static const unsigned char console_console_css[] = {
#embed "console/console.css"
};
static const unsigned char console_en_json[] = {
#embed "console/en.json"
};
static const unsigned char console_icon_svg[] = {
#embed "console/icon.svg"
};
static const unsigned char console_item_js[] = {
#embed "console/item.js"
};
static const unsigned char console_keys_js[] = {
#embed "console/keys.js"
};
static const unsigned char console_queue_js[] = {
#embed "console/queue.js"
};
static const unsigned char openapi_yaml[] = {
#embed "openapi.yaml"
};
static const unsigned char providers_archive_today_yaml[] = {
#embed "providers/archive-today.yaml"
};
static const unsigned char providers_bitly_yaml[] = {
#embed "providers/bitly.yaml"
};
static const unsigned char providers_blogspot_yaml[] = {
#embed "providers/blogspot.yaml"
};
static const unsigned char providers_chorus_yaml[] = {
#embed "providers/chorus.yaml"
};
static const unsigned char providers_dailymotion_yaml[] = {
#embed "providers/dailymotion.yaml"
};
static const unsigned char providers_depot_yaml[] = {
#embed "providers/depot.yaml"
};
static const unsigned char providers_discord_yaml[] = {
#embed "providers/discord.yaml"
};
static const unsigned char providers_dropbox_yaml[] = {
#embed "providers/dropbox.yaml"
};
static const unsigned char providers_facebook_yaml[] = {
#embed "providers/facebook.yaml"
};
static const unsigned char providers_github_yaml[] = {
#embed "providers/github.yaml"
};
static const unsigned char providers_google_drive_yaml[] = {
#embed "providers/google-drive.yaml"
};
static const unsigned char providers_google_search_yaml[] = {
#embed "providers/google-search.yaml"
};
static const unsigned char providers_imgur_yaml[] = {
#embed "providers/imgur.yaml"
};
static const unsigned char providers_instagram_yaml[] = {
#embed "providers/instagram.yaml"
};
static const unsigned char providers_internet_archive_yaml[] = {
#embed "providers/internet-archive.yaml"
};
static const unsigned char providers_justpaste_it_yaml[] = {
#embed "providers/justpaste-it.yaml"
};
static const unsigned char providers_lantern_yaml[] = {
#embed "providers/lantern.yaml"
};
static const unsigned char providers_linktree_yaml[] = {
#embed "providers/linktree.yaml"
};
static const unsigned char providers_mega_yaml[] = {
#embed "providers/mega.yaml"
};
static const unsigned char providers_mosaic_yaml[] = {
#embed "providers/mosaic.yaml"
};
static const unsigned char providers_pastebin_yaml[] = {
#embed "providers/pastebin.yaml"
};
static const unsigned char providers_pigeon_yaml[] = {
#embed "providers/pigeon.yaml"
};
static const unsigned char providers_quill_yaml[] = {
#embed "providers/quill.yaml"
};
static const unsigned char providers_reddit_yaml[] = {
#embed "providers/reddit.yaml"
};
static const unsigned char providers_scrap_yaml[] = {
#embed "providers/scrap.yaml"
};
static const unsigned char providers_soundcloud_yaml[] = {
#embed "providers/soundcloud.yaml"
};
static const unsigned char providers_strata_yaml[] = {
#embed "providers/strata.yaml"
};
static const unsigned char providers_telegram_yaml[] = {
#embed "providers/telegram.yaml"
};
static const unsigned char providers_tiktok_yaml[] = {
#embed "providers/tiktok.yaml"
};
static const unsigned char providers_vimeo_yaml[] = {
#embed "providers/vimeo.yaml"
};
static const unsigned char providers_wave_yaml[] = {
#embed "providers/wave.yaml"
};
static const unsigned char providers_wordpress_com_yaml[] = {
#embed "providers/wordpress-com.yaml"
};
static const unsigned char providers_x_yaml[] = {
#embed "providers/x.yaml"
};
static const unsigned char providers_youtube_yaml[] = {
#embed "providers/youtube.yaml"
};
static const unsigned char tracking_parameters_yaml[] = {
#embed "tracking-parameters.yaml"
};

#define RESOURCE(path, content) {path, content, sizeof(content)}

// In the order of the names.
static const struct cordon_resource resources[] = {
  RESOURCE("console/board.js", console_board_js),
  RESOURCE("console/console.css", console_console_css),
  RESOURCE("console/en.json", console_en_json),
  RESOURCE("console/icon.svg", console_icon_svg),
  RESOURCE("console/item.js", console_item_js),
  RESOURCE("console/keys.js", console_keys_js),
  RESOURCE("console/queue.js", console_queue_js),
  RESOURCE("openapi.yaml", openapi_yaml),
  RESOURCE("providers/archive-today.yaml", providers_archive_today_yaml),
  RESOURCE("providers/bitly.yaml", providers_bitly_yaml),
  RESOURCE("providers/blogspot.yaml", providers_blogspot_yaml),
  RESOURCE("providers/chorus.yaml", providers_chorus_yaml),
  RESOURCE("providers/dailymotion.yaml", providers_dailymotion_yaml),
  RESOURCE("providers/depot.yaml", providers_depot_yaml),
  RESOURCE("providers/discord.yaml", providers_discord_yaml),
  RESOURCE("providers/dropbox.yaml", providers_dropbox_yaml),
  RESOURCE("providers/facebook.yaml", providers_facebook_yaml),
  RESOURCE("providers/github.yaml", providers_github_yaml),
  RESOURCE("providers/google-drive.yaml", providers_google_drive_yaml),
  RESOURCE("providers/google-search.yaml", providers_google_search_yaml),
  RESOURCE("providers/imgur.yaml", providers_imgur_yaml),
  RESOURCE("providers/instagram.yaml", providers_instagram_yaml),
  RESOURCE("providers/internet-archive.yaml", providers_internet_archive_yaml),
  RESOURCE("providers/justpaste-it.yaml", providers_justpaste_it_yaml),
  RESOURCE("providers/lantern.yaml", providers_lantern_yaml),
  RESOURCE("providers/linktree.yaml", providers_linktree_yaml),
  RESOURCE("providers/mega.yaml", providers_mega_yaml),
  RESOURCE("providers/mosaic.yaml", providers_mosaic_yaml),
  RESOURCE("providers/pastebin.yaml", providers_pastebin_yaml),
  RESOURCE("providers/pigeon.yaml", providers_pigeon_yaml),
  RESOURCE("providers/quill.yaml", providers_quill_yaml),
  RESOURCE("providers/reddit.yaml", providers_reddit_yaml),
  RESOURCE("providers/scrap.yaml", providers_scrap_yaml),
  RESOURCE("providers/soundcloud.yaml", providers_soundcloud_yaml),
  RESOURCE("providers/strata.yaml", providers_strata_yaml),
  RESOURCE("providers/telegram.yaml", providers_telegram_yaml),
  RESOURCE("providers/tiktok.yaml", providers_tiktok_yaml),
  RESOURCE("providers/vimeo.yaml", providers_vimeo_yaml),
  RESOURCE("providers/wave.yaml", providers_wave_yaml),
  RESOURCE("providers/wordpress-com.yaml", providers_wordpress_com_yaml),
  RESOURCE("providers/x.yaml", providers_x_yaml),
  RESOURCE("providers/youtube.yaml", providers_youtube_yaml),
  RESOURCE("tracking-parameters.yaml", tracking_parameters_yaml),
};

const struct cordon_resource *cordon_resources(size_t *count) {
  *count = sizeof(resources) / sizeof(resources[0]);
  return resources;
}
