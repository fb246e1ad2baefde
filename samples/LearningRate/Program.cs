using Digits;
using LearningRate;
using MlComponents;

NativeAllocator.KeepLargeBlocks();   // training on a CPU is up to half as fast again

Search.Run(DigitData.Load(directory: null, seed: 1), RunFolder.Create("runs", "learning-rate").Path, Console.Out);
