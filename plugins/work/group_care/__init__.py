"""The log of group care (客服加群): members added after vetting, advertisers removed."""
