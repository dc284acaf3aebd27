// `chartwire/sdk`: another name of the package @chartwire/sdk.

export * from '@chartwire/sdk';
